//! The language of templates: Jinja with a short list of filters, nothing that reaches beyond the values given.
//!
//! No includes, no macros, no `safe`: a value of a person is always escaped in the HTML part. A value that is null or
//! empty counts as missing, so that `default` does what the author of a letter expects.

use kernel::{
    mail::{MailTemplate, RenderTrouble, RenderedMail},
    text::one_line,
};
use minijinja::{
    AutoEscape, Environment, Error, ErrorKind, Output, State, UndefinedBehavior, escape_formatter, filters, functions,
    tests,
    value::{Kwargs, Serde, Value},
};
use serde_json::Value as Json;

/// Steps one part of one mail may take.
const FUEL: u64 = 500_000;
/// Bytes one part of a template may have.
const LONGEST: usize = 512 * 1024;
/// Blocks within blocks, brackets within brackets.
const DEEPEST: usize = 32;
/// Missing values named per person; more would not be read.
const NAMED: usize = 30;

const PARTS: [&str; 3] = ["subject", "html", "text"];

fn sources(template: &MailTemplate) -> [(&'static str, &str); 3] {
    let [subject, html, text] = PARTS;
    [(subject, &template.subject), (html, &template.html), (text, &template.text)]
}

/// What is refused unseen: sizes and depths nobody writes by hand.
pub(super) fn admit(template: &MailTemplate) -> Result<(), RenderTrouble> {
    let fits = |source: &str| source.len() <= LONGEST && depth(source) <= DEEPEST;
    sources(template).iter().all(|(_, source)| fits(source)).then_some(()).ok_or(RenderTrouble::TooCostly)
}

/// How deep blocks or brackets nest. Counts generously: it may be fooled upwards, never downwards.
fn depth(source: &str) -> usize {
    let (mut deepest, mut blocks) = (0_usize, 0_usize);
    let mut rest = source;
    while let Some(start) = rest.find("{%").into_iter().chain(rest.find("{{")).min() {
        let inside = &rest[start + 2..];
        let close = if rest[start..].starts_with("{%") { "%}" } else { "}}" };
        let end = inside.find(close).unwrap_or(inside.len());
        let tag = &inside[..end];
        if close == "%}" {
            let word = tag.trim_start_matches(['-', '+', ' ', '\n', '\r', '\t']);
            if word.starts_with("end") {
                blocks = blocks.saturating_sub(1);
            } else if ["for", "if", "with", "filter", "set", "autoescape"].iter().any(|open| word.starts_with(open))
                && !(word.starts_with("set") && word.contains('='))
            {
                blocks += 1;
            }
        }
        let mut brackets = 0_usize;
        for byte in tag.bytes() {
            match byte {
                b'(' | b'[' | b'{' => brackets += 1,
                b')' | b']' | b'}' => brackets = brackets.saturating_sub(1),
                _ => {}
            }
            deepest = deepest.max(brackets);
        }
        deepest = deepest.max(blocks);
        rest = &inside[end..];
    }
    deepest
}

/// A compiled template.
pub(super) struct Language {
    environment: Environment<'static>,
    /// Dotted names the template may ask for.
    paths: Vec<String>,
}

impl Language {
    /// For sending: missing values render empty.
    pub(super) fn for_sending(template: &MailTemplate) -> Result<Self, RenderTrouble> {
        let mut environment = whitelist();
        environment.set_undefined_behavior(UndefinedBehavior::Chainable);
        environment.set_formatter(write_value);
        environment.set_debug(false);
        Self::compile(environment, template)
    }

    /// For the check before a launch: missing values are found.
    pub(super) fn for_checking(template: &MailTemplate) -> Result<Self, RenderTrouble> {
        let mut environment = whitelist();
        environment.set_undefined_behavior(UndefinedBehavior::SemiStrict);
        environment.set_formatter(escape_formatter);
        // Only in debug mode does the engine remember which expression was undefined.
        environment.set_debug(true);
        let mut language = Self::compile(environment, template)?;
        for (_, part) in language.environment.templates() {
            language.paths.extend(part.undeclared_variables(true));
        }
        language.paths.sort();
        Ok(language)
    }

    fn compile(mut environment: Environment<'static>, template: &MailTemplate) -> Result<Self, RenderTrouble> {
        environment.set_auto_escape_callback(|name| if name == "html" { AutoEscape::Html } else { AutoEscape::None });
        environment.set_fuel(Some(FUEL));
        for (part, source) in sources(template) {
            environment.add_template_owned(part, source.to_owned()).map_err(|trouble| told(part, &trouble))?;
        }
        Ok(Self { environment, paths: Vec::new() })
    }

    pub(super) fn render(&self, mut person: Json) -> Result<RenderedMail, RenderTrouble> {
        drop_empty(&mut person);
        let values = Value::from(Serde(person));
        let part = |name: &str| self.part(name, values.clone()).map_err(|trouble| told(name, &trouble));
        let [subject, html, text] = PARTS;
        Ok(RenderedMail { subject: one_line(&part(subject)?), html: part(html)?, text: part(text)? })
    }

    /// Renders, fills in what was missing, and renders again until nothing is missing.
    pub(super) fn missing(&self, mut person: Json) -> Result<Vec<String>, RenderTrouble> {
        drop_empty(&mut person);
        // What is asked of something missing as a whole is named to the last step: `contact.city`, not `contact`.
        for path in &self.paths {
            if let Some((parent, _)) = path.rsplit_once('.') {
                furnish(&mut person, parent);
            }
        }
        let mut names: Vec<String> = Vec::new();
        for part in PARTS {
            // A stand-in may be of the wrong kind for the filter behind it: list, text and figure are tried in turn.
            let mut kind = 0;
            let mut filled_here = false;
            while names.len() < NAMED {
                let Err(trouble) = self.part(part, Value::from(Serde(&person))) else { break };
                match (trouble.kind(), undefined_name(&trouble)) {
                    (ErrorKind::UndefinedError, Some(name)) if !names.contains(&name) => {
                        kind = 0;
                        filled_here = true;
                        let filled = fill(&mut person, &name, kind);
                        names.push(name);
                        if !filled {
                            break;
                        }
                    }
                    (ErrorKind::OutOfFuel, _) => return Err(RenderTrouble::TooCostly),
                    _ if !filled_here => return Err(told(part, &trouble)),
                    _ => {
                        kind += 1;
                        if kind >= STAND_INS || !names.last().is_some_and(|name| fill(&mut person, name, kind)) {
                            break;
                        }
                    }
                }
            }
        }
        Ok(names)
    }

    fn part(&self, name: &str, values: Value) -> Result<String, Error> {
        self.environment.get_template(name)?.render(values)
    }
}

fn whitelist() -> Environment<'static> {
    let mut environment = Environment::empty();
    environment.add_filter("upper", filters::upper);
    environment.add_filter("lower", filters::lower);
    environment.add_filter("title", filters::title);
    environment.add_filter("capitalize", filters::capitalize);
    environment.add_filter("trim", filters::trim);
    environment.add_filter("replace", filters::replace);
    environment.add_filter("default", filters::default);
    environment.add_filter("length", filters::length);
    environment.add_filter("count", filters::length);
    environment.add_filter("first", filters::first);
    environment.add_filter("last", filters::last);
    environment.add_filter("join", filters::join);
    environment.add_filter("round", round);
    environment.add_filter("int", filters::int);
    environment.add_filter("float", filters::float);
    environment.add_filter("abs", |value: Value| given(value, filters::abs));
    environment.add_filter("min", filters::min);
    environment.add_filter("max", filters::max);
    environment.add_filter("sum", filters::sum);
    environment.add_filter("sort", filters::sort);
    environment.add_filter("reverse", filters::reverse);
    environment.add_filter("unique", filters::unique);
    environment.add_filter("slice", filters::slice);
    environment.add_filter("string", filters::string);
    environment.add_filter("escape", filters::escape);
    environment.add_filter("date", date);
    environment.add_filter("truncate", truncate);
    environment.add_test("defined", tests::is_defined);
    environment.add_test("undefined", tests::is_undefined);
    environment.add_test("none", tests::is_none);
    environment.add_test("string", tests::is_string);
    environment.add_test("number", tests::is_number);
    environment.add_test("odd", tests::is_odd);
    environment.add_test("even", tests::is_even);
    environment.add_test("in", tests::is_in);
    environment.add_function("range", functions::range);
    environment
}

/// A missing figure stays missing instead of stopping the letter.
fn given(value: Value, filter: impl FnOnce(Value) -> Result<Value, Error>) -> Result<Value, Error> {
    if value.is_undefined() { Ok(value) } else { filter(value) }
}

fn round(value: Value, digits: Option<i32>, method: Option<&str>, named: Kwargs) -> Result<Value, Error> {
    given(value, |value| filters::round(value, digits, method, named))
}

/// `2026-11-22…` as `22.11.2026`, or with `date("en")` as `22/11/2026`; anything else stays as it is.
fn date(value: String, language: Option<String>) -> String {
    let mut fields = value.get(..10).unwrap_or_default().split('-');
    let all_digits = |field: &str| field.bytes().all(|b| b.is_ascii_digit());
    match (fields.next(), fields.next(), fields.next()) {
        (Some(year), Some(month), Some(day))
            if [year.len(), month.len(), day.len()] == [4, 2, 2]
                && [year, month, day].iter().all(|f| all_digits(f)) =>
        {
            let mark = if language.as_deref() == Some("en") { '/' } else { '.' };
            format!("{day}{mark}{month}{mark}{year}")
        }
        _ => value,
    }
}

/// The first `length` characters, with an ellipsis if something was cut.
fn truncate(value: String, length: usize) -> String {
    match value.char_indices().nth(length) {
        Some((cut, _)) => format!("{}…", value[..cut].trim_end()),
        None => value,
    }
}

/// Writes a value; in the HTML part the five characters that mean something there are escaped. Slashes stay, so that
/// links remain readable in the source.
fn write_value(out: &mut Output, state: &mut State, value: &Value) -> Result<(), Error> {
    if value.is_undefined() || value.is_none() {
        return Ok(());
    }
    let failed = |_| Error::from(ErrorKind::WriteFailure);
    let text = match value.as_str() {
        Some(text) if *state.auto_escape() == AutoEscape::None || value.is_safe() => {
            return out.write_str(text).map_err(failed);
        }
        Some(text) => text,
        None if value.is_number() => return write!(out, "{value}").map_err(failed),
        None => return escape_formatter(out, state, value),
    };
    let mut start = 0;
    for (at, byte) in text.bytes().enumerate() {
        let entity = match byte {
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'&' => "&amp;",
            b'"' => "&quot;",
            b'\'' => "&#39;",
            _ => continue,
        };
        out.write_str(&text[start..at]).and_then(|()| out.write_str(entity)).map_err(failed)?;
        start = at + 1;
    }
    out.write_str(&text[start..]).map_err(failed)
}

fn drop_empty(value: &mut Json) {
    match value {
        Json::Object(map) => {
            map.retain(|_, value| !value.is_null() && value.as_str() != Some(""));
            map.values_mut().for_each(drop_empty);
        }
        Json::Array(list) => list.iter_mut().for_each(drop_empty),
        _ => {}
    }
}

const STAND_INS: usize = 3;

/// Puts a stand-in where a dotted name points; `false` if the name is not a path from the root.
fn fill(person: &mut Json, name: &str, kind: usize) -> bool {
    let (parent, last) = name.rsplit_once('.').map_or((None, name), |(parent, last)| (Some(parent), last));
    let map = match parent {
        None => person.as_object_mut(),
        Some(parent) => furnish(person, parent),
    };
    let plain = !last.is_empty() && last.chars().all(|c| c.is_alphanumeric() || c == '_');
    let Some(map) = map.filter(|_| plain) else { return false };
    let stand_in = match kind {
        0 => Json::from(Vec::<String>::new()),
        1 => Json::from("x"),
        _ => Json::from(1),
    };
    map.insert(last.to_owned(), stand_in);
    true
}

/// The map at a dotted path, made where nothing is.
fn furnish<'a>(person: &'a mut Json, path: &str) -> Option<&'a mut serde_json::Map<String, Json>> {
    let mut map = person.as_object_mut()?;
    for step in path.split('.') {
        if step.is_empty() || !step.chars().all(|c| c.is_alphanumeric() || c == '_') {
            return None;
        }
        map = map.entry(step).or_insert_with(|| Json::Object(serde_json::Map::new())).as_object_mut()?;
    }
    Some(map)
}

/// The engine says "`contact.name` is undefined" in the detail of its error.
fn undefined_name(trouble: &Error) -> Option<String> {
    let (before, _) = trouble.detail()?.split_once("` is undefined")?;
    let (_, name) = before.rsplit_once('`')?;
    Some(name.split_whitespace().collect())
}

fn told(part: &str, trouble: &Error) -> RenderTrouble {
    if trouble.kind() == ErrorKind::OutOfFuel {
        return RenderTrouble::TooCostly;
    }
    let detail = match trouble.detail() {
        Some(detail) => format!("{}: {detail}", trouble.kind()),
        None => trouble.kind().to_string(),
    };
    let detail: String = one_line(&detail).chars().take(300).collect();
    RenderTrouble::Template { part: part.to_owned(), line: trouble.line().unwrap_or(1), detail }
}

#[cfg(test)]
mod test {
    use super::*;
    use serde_json::json;

    fn template(subject: &str, html: &str, text: &str) -> MailTemplate {
        MailTemplate { subject: subject.into(), html: html.into(), text: text.into() }
    }

    #[test]
    fn a_persons_values_are_escaped_in_html_and_only_there() {
        let template =
            template("{{ name }}", "<p>{{ name }}</p><a href=\"{{ link }}\">", "{{ name }} {{ n }}{{ nothing }}");
        let person =
            json!({"name": "<b>O'Neill & \"Söhne\"</b>\r\nBcc: x", "link": "https://a/b?c=1", "n": 3, "nothing": null});
        let mail = Language::for_sending(&template).unwrap().render(person).unwrap();
        assert_eq!(mail.subject, "<b>O'Neill & \"Söhne\"</b>  Bcc: x");
        assert!(mail.html.starts_with("<p>&lt;b&gt;O&#39;Neill &amp; &quot;Söhne&quot;&lt;/b&gt;"), "{}", mail.html);
        assert!(mail.html.ends_with("<a href=\"https://a/b?c=1\">"));
        assert!(mail.text.ends_with(" 3"));
    }

    #[test]
    fn missing_values_render_empty_and_are_found_before_the_launch() {
        let template = template(
            "Hallo {{ contact.first_name }}",
            "{{ contact.first_name }} {{ contact.last_name|upper }} {{ contact.title|default('') }} {{ price|round(1) }}\
             {% if contact.city %}in {{ contact.city }}{% endif %}{% for o in orders %}{{ o.name }}{% endfor %}",
            "{{ gone.deep.down }} {% if x is defined %}{{ x }}{% endif %}",
        );
        let nobody = json!({"contact": {"first_name": "", "last_name": null}});
        let mail = Language::for_sending(&template).unwrap().render(nobody.clone()).unwrap();
        assert_eq!(mail.subject, "Hallo");
        let found = Language::for_checking(&template).unwrap().missing(nobody).unwrap();
        assert_eq!(found, ["contact.first_name", "contact.last_name", "price", "orders", "gone.deep.down"]);
        let somebody = json!({"contact": {"first_name": "Ada", "last_name": "L"}, "price": 1.5, "orders": [], "gone": {"deep": {"down": 1}}});
        assert_eq!(Language::for_checking(&template).unwrap().missing(somebody).unwrap(), Vec::<String>::new());
    }

    #[test]
    fn no_filter_stumbles_over_a_missing_value() {
        let environment = whitelist();
        let filters = "upper lower title capitalize trim replace('a','b') length count first last join(',') \
                       round int float abs min max sum sort reverse unique slice(2) string escape date truncate(3)";
        assert!(environment.empty_state().apply_filter("default", &[Value::UNDEFINED]).is_ok());
        let failing: Vec<&str> = filters
            .split_whitespace()
            .filter(|filter| {
                let template = template(&format!("{{{{ nobody|{filter} }}}}"), "", "");
                Language::for_sending(&template).and_then(|language| language.render(json!({}))).is_err()
            })
            .collect();
        assert_eq!(failing, Vec::<&str>::new());
    }

    #[test]
    fn an_error_names_part_and_line() {
        let wrong = |html: &str| Language::for_sending(&template("s", html, "t")).err();
        let Some(RenderTrouble::Template { part, line, .. }) = wrong("a\n{{ name | }}") else { panic!() };
        assert_eq!((part.as_str(), line), ("html", 2));
        for forbidden in
            ["{{ x|safe }}", "{{ x|pprint }}", "{% include 'x' %}", "{% macro a() %}{% endmacro %}", "{{ dict() }}"]
        {
            let template = template("s", forbidden, "t");
            let outcome = Language::for_sending(&template).and_then(|l| l.render(json!({"x": 1})));
            assert!(matches!(outcome, Err(RenderTrouble::Template { .. })), "{forbidden}: {outcome:?}");
        }
    }

    #[test]
    fn depths_nobody_writes_by_hand_are_refused_unseen() {
        let deep = "{% if a %}".repeat(40) + &"{% endif %}".repeat(40);
        assert!(admit(&template("s", &deep, "t")).is_err());
        let flat = "{% if a %}{{ f((1)) }}{% endif %}{% set x = 1 %}".repeat(500);
        assert!(admit(&template("s", &flat, "t")).is_ok());
        assert!(admit(&template(&format!("{{{{ {} }}}}", "[".repeat(100)), "", "")).is_err());
        assert!(admit(&template("s", &"a".repeat(LONGEST + 1), "t")).is_err());
    }

    #[test]
    fn dates_and_cuts() {
        let template = template("{{ d|date }} {{ d|date('en') }} {{ t|truncate(3) }}", "", "");
        let mail = Language::for_sending(&template).unwrap().render(json!({"d": "2026-11-22T10:00:00Z", "t": "Ärger"}));
        assert_eq!(mail.unwrap().subject, "22.11.2026 22/11/2026 Ärg…");
    }
}
