# Gefangene E-Mails für Vorführung und Entwicklung
postbox-title = Gefangene E-Mails
postbox-lead = Hier landet, was sonst hinausginge. Niemand draußen hat diese E-Mails erhalten; die Links funktionieren.
postbox-refresh = Neu laden
postbox-search = Betreff oder Empfänger suchen
postbox-count = { $n ->
    [one] eine E-Mail
   *[other] { COUNT($n) } E-Mails
}
postbox-empty = Keine E-Mail
postbox-empty-text = Starten Sie eine Kampagne oder senden Sie eine Probe: Die E-Mails erscheinen hier.
postbox-subject = Betreff
postbox-no-subject = (ohne Betreff)
postbox-to = An
postbox-at = Wann
postbox-size = { $n } Byte
postbox-source = Quelltext
postbox-mail = E-Mail
postbox-text = Textfassung
postbox-headers = Kopfzeilen
