//! First names that are given to women only or to men only in German-speaking countries; a name that is given to both, such
//! as Andrea, Kim or Toni, stands in neither list.

/// Sorted, folded.
#[rustfmt::skip]
pub(super) const WOMEN: &[&str] = &[
    "angela", "angelika", "anja", "anke", "anna", "anne", "anneliese", "annette", "antje", "astrid", "barbara", "beate",
    "bettina", "birgit", "brigitte", "carolin", "caroline", "charlotte", "christa", "christiane", "christina",
    "christine", "claudia", "cornelia", "dagmar", "daniela", "diana", "doris", "elena", "elfriede", "elisabeth", "elke",
    "emilia", "emma", "erika", "eva", "franziska", "frauke", "friederike", "gabriele", "gerda", "gisela", "greta",
    "gudrun", "hanna", "hannah", "hannelore", "heidi", "heike", "helene", "helga", "hildegard", "ilse", "ines", "inge",
    "ingeborg", "ingrid", "irene", "iris", "jana", "janina", "jennifer", "jessica", "johanna", "julia", "juliane",
    "jutta", "karin", "karoline", "katharina", "kathrin", "katja", "katrin", "kerstin", "klara", "kristina", "lara",
    "laura", "lea", "lena", "leonie", "lieselotte", "lina", "lisa", "lotte", "louisa", "lucia", "luise", "magdalena",
    "maike", "manuela", "margarete", "margit", "margot", "marianne", "marie", "marion", "marlene", "marlies", "martina",
    "mathilda", "meike", "melanie", "mia", "michaela", "miriam", "monika", "nadine", "nadja", "natalie", "nicole",
    "nina", "olga", "patricia", "paula", "petra", "pia", "regina", "renate", "rita", "rosemarie", "ruth", "sabine",
    "sabrina", "sandra", "sara", "sarah", "silke", "silvia", "simone", "sofia", "sonja", "sophia", "sophie", "stefanie",
    "stephanie", "susanne", "svenja", "sybille", "sylvia", "tanja", "teresa", "theresa", "tina", "ulrike", "ursula",
    "ute", "valentina", "vanessa", "vera", "verena", "veronika", "waltraud", "yvonne",
];

/// Sorted, folded.
#[rustfmt::skip]
pub(super) const MEN: &[&str] = &[
    "achim", "albert", "alfred", "alois", "andreas", "anton", "armin", "arne", "arnold", "axel", "ben", "benedikt",
    "benjamin", "bernd", "bernhard", "bjoern", "bruno", "carsten", "christian", "christoph", "daniel", "david", "dennis",
    "detlef", "dieter", "dietmar", "dirk", "dominik", "eberhard", "edgar", "elias", "emil", "erich", "ernst", "erwin",
    "fabian", "felix", "finn", "florian", "frank", "franz", "friedrich", "fritz", "georg", "gerald", "gerhard", "gert",
    "gottfried", "guenter", "guenther", "gustav", "hannes", "hans", "harald", "hartmut", "heinrich", "heinz", "helmut",
    "henrik", "herbert", "hermann", "holger", "horst", "hubert", "ingo", "jakob", "jan", "jens", "joachim", "jochen",
    "johann", "johannes", "jonas", "jonathan", "josef", "juergen", "julian", "karl", "karsten", "klaus", "konrad",
    "konstantin", "kurt", "lars", "leon", "leonhard", "linus", "lothar", "ludwig", "lukas", "maik", "manfred", "marc",
    "marcel", "marco", "marcus", "mario", "mark", "marko", "markus", "martin", "mathias", "matthias", "max",
    "maximilian", "michael", "moritz", "niklas", "nils", "norbert", "olaf", "oliver", "oskar", "otto", "patrick", "paul",
    "peter", "philipp", "rainer", "ralf", "ralph", "reiner", "reinhard", "rene", "richard", "robert", "roland", "rolf",
    "roman", "rudolf", "ruediger", "samuel", "sebastian", "siegfried", "simon", "stefan", "steffen", "stephan", "sven",
    "theo", "thomas", "thorsten", "tilo", "tim", "timo", "tobias", "tom", "torsten", "udo", "ulf", "ulrich", "uwe",
    "viktor", "volker", "walter", "werner", "wilhelm", "willi", "winfried", "wolfgang",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_are_sorted_and_share_no_name() {
        for list in [WOMEN, MEN] {
            assert!(
                list.windows(2).all(|pair| pair[0] < pair[1]),
                "{:?}",
                list.windows(2).find(|pair| pair[0] >= pair[1])
            );
        }
        assert!(!WOMEN.iter().any(|name| MEN.contains(name)));
    }
}
