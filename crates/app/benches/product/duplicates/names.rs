//! Names people and places have.

use std::sync::LazyLock;

/// A list written in one text, its entries between commas.
pub type List = LazyLock<Vec<&'static str>>;

macro_rules! list {
    ($text:literal) => {
        LazyLock::new(|| $text.split(", ").collect())
    };
}

pub static WOMEN: List = list!(
    "Maria, Ursula, Monika, Petra, Elisabeth, Sabine, Renate, Helga, Karin, Brigitte, Ingrid, Erika, Andrea, \
     Gisela, Claudia, Susanne, Gabriele, Christa, Christine, Hildegard, Anna, Birgit, Barbara, Stefanie, Martina, \
     Heike, Angelika, Katharina, Julia, Nicole, Anja, Silke, Kerstin, Melanie, Sandra, Lena, Laura, Lea, Sophie, \
     Johanna, Charlotte, Emma, Mia, Clara, Luisa, Frieda, Yasemin, Aylin"
);
pub static MEN: List = list!(
    "Peter, Michael, Thomas, Wolfgang, Klaus, Werner, Manfred, Helmut, Jürgen, Andreas, Heinz, Gerhard, Stefan, \
     Dieter, Christian, Günter, Frank, Bernd, Uwe, Rolf, Markus, Matthias, Martin, Rainer, Daniel, Alexander, \
     Sebastian, Tobias, Jan, Florian, Philipp, Lukas, Jonas, Maximilian, Felix, Paul, Leon, Finn, Emil, Anton, \
     Karl-Heinz, Hans-Peter, Mehmet, Murat, Ivan, Piotr, Björn, Jörg"
);
pub static FAMILIES: List = list!(
    "Müller, Schmidt, Schneider, Fischer, Weber, Meyer, Wagner, Becker, Schulz, Hoffmann, Schäfer, Koch, Bauer, \
     Richter, Klein, Wolf, Schröder, Neumann, Schwarz, Zimmermann, Braun, Krüger, Hofmann, Hartmann, Lange, \
     Schmitt, Werner, Schmitz, Krause, Meier, Lehmann, Schmid, Schulze, Maier, Köhler, Herrmann, König, Walter, \
     Mayer, Huber, Kaiser, Fuchs, Peters, Lang, Scholz, Möller, Weiß, Jung, Hahn, Schubert, Vogel, Friedrich, \
     Keller, Günther, Frank, Berger, Winkler, Roth, Beck, Lorenz, Baumann, Franke, Albrecht, Schuster, Simon, \
     Ludwig, Böhm, Winter, Kraus, Martin, Schumacher, Yılmaz"
);
pub static STEMS: List = list!(
    "Alt, Berg, Birn, Buch, Dorn, Eber, Eich, Feld, Forst, Gold, Grün, Hage, Hain, Hasel, Herz, Hirsch, Holz, \
     Horn, Kalt, Kirch, Krä, Land, Linden, Loh, Mittel, Moos, Nieder, Ober, Ost, Rosen, Sand, Schön, Silber, \
     Stein, Tann, Unter, Wald, Wester, Wiesen, Zell"
);
pub static ENDS: List = list!(
    "bach, bauer, baum, beck, berger, brink, brunner, dorfer, eder, felder, garten, gruber, hammer, hauer, hofer, \
     holz, huber, kamp, lechner, leitner, mann, meier, müller, rieder, schmidt, stetter, thaler, wald, weger, \
     winkler"
);
pub static STREETS: List = list!(
    "Haupt, Schul, Garten, Bahnhof, Dorf, Berg, Birken, Linden, Kirch, Wald, Ring, Schiller, Goethe, Wiesen, Jahn, \
     Mozart, Buchen, Eichen, Rosen, Beethoven, Tannen, Mühlen, Feld, Ahorn, Amsel, Friedhof, Raiffeisen, Brunnen, \
     Sonnen, Lessing, Flieder, Uhland, Finken, Tulpen, Kastanien, Nelken, Lerchen, Drossel, Post, Markt, \
     Industrie, Hohl, Hang, Stein, Mittel, Kiefern, Kant, Bach, Burg, Park, Quer, Tal, Ulmen, Heide, Wiesengrund, \
     Kolping, Parkring, Rathaus, See, Fichten"
);
pub static CITIES: List = list!(
    "Berlin, Hamburg, München, Köln, Frankfurt am Main, Stuttgart, Düsseldorf, Leipzig, Dortmund, Essen, Bremen, \
     Dresden, Hannover, Nürnberg, Duisburg, Bochum, Wuppertal, Bielefeld, Bonn, Münster, Mannheim, Karlsruhe, \
     Augsburg, Wiesbaden, Mönchengladbach, Gelsenkirchen, Aachen, Braunschweig, Kiel, Chemnitz, Halle, Magdeburg, \
     Freiburg, Krefeld, Mainz, Lübeck, Erfurt, Oberhausen, Rostock, Kassel, Hagen, Potsdam, Saarbrücken, Hamm, \
     Ludwigshafen, Oldenburg, Mülheim an der Ruhr, Osnabrück, Leverkusen, Heidelberg, Darmstadt, Solingen, \
     Regensburg, Herne, Paderborn, Neuss, Ingolstadt, Offenbach, Fürth, Würzburg"
);
pub static PROVIDERS: List =
    list!("web.de, gmx.de, gmail.com, t-online.de, outlook.de, freenet.de, yahoo.de, posteo.de, icloud.com");
