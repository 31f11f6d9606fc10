//! A measurement's result as a Markdown table: ours, the reference, their ratio.

/// One figure with its unit, e.g. 312.0 `ms` or 5 400 `mails/s`.
#[derive(Clone, Debug)]
pub struct Figure {
    pub value: f64,
    pub unit: &'static str,
}

impl Figure {
    fn say(&self) -> String {
        match self.value {
            v if v >= 1000.0 => format!("{v:.0} {}", self.unit),
            v if v >= 10.0 => format!("{v:.1} {}", self.unit),
            v => format!("{v:.3} {}", self.unit),
        }
    }
}

/// One line: what was measured, what came out for us and, where there is one, for the reference.
#[derive(Clone, Debug)]
pub struct Row {
    pub name: String,
    pub ours: Option<Figure>,
    pub reference: Option<Figure>,
}

impl Row {
    /// A figure of ours that stands for itself.
    pub fn ours(name: impl Into<String>, value: f64, unit: &'static str) -> Self {
        Self { name: name.into(), ours: Some(Figure { value, unit }), reference: None }
    }

    /// A figure of the reference alone.
    pub fn reference(name: impl Into<String>, value: f64, unit: &'static str) -> Self {
        Self { name: name.into(), ours: None, reference: Some(Figure { value, unit }) }
    }

    fn ratio(&self) -> Option<f64> {
        let (ours, reference) = (self.ours.as_ref()?, self.reference.as_ref()?);
        (ours.unit == reference.unit && reference.value > 0.0).then(|| ours.value / reference.value)
    }
}

pub fn render(name: &str, about: &str, machine: &str, rows: &[Row]) -> String {
    let mut text = format!("### {name}: {about}\n\n{machine}\n\n");
    text += "| name | ours | reference | ratio |\n|---|---:|---:|---:|\n";
    let cell = |figure: &Option<Figure>| figure.as_ref().map_or("–".into(), Figure::say);
    for row in rows {
        let ratio = row.ratio().map_or("–".into(), |r| format!("{r:.2}"));
        text += &format!("| {} | {} | {} | {ratio} |\n", row.name, cell(&row.ours), cell(&row.reference));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ratio_needs_both_in_one_unit() {
        let figure = |value, unit| Some(Figure { value, unit });
        let both = Row { name: "a".into(), ours: figure(1500.0, "mails/s"), reference: figure(3000.0, "mails/s") };
        let mixed = Row { name: "b".into(), ours: figure(1.5, "s"), reference: figure(3000.0, "ms") };
        let text = render("x", "y", "z", &[both, mixed, Row::ours("c", 12.34, "ms")]);
        assert!(text.contains("| a | 1500 mails/s | 3000 mails/s | 0.50 |"), "{text}");
        assert!(text.contains("| b | 1.500 s | 3000 ms | – |"), "{text}");
        assert!(text.contains("| c | 12.3 ms | – | – |"), "{text}");
    }
}
