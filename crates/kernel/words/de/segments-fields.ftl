# Felder, Vergleiche und Kennzahlen der Segmente, und was an einer Definition nicht stimmt
segments-fields-field-number = Kundennummer
segments-fields-field-kind = Art des Kontakts
segments-fields-field-salutation = Anrede
segments-fields-field-title = Titel
segments-fields-field-first_name = Vorname
segments-fields-field-last_name = Nachname
segments-fields-field-birth_date = Geburtsdatum
segments-fields-field-age = Alter
segments-fields-field-email = E-Mail-Adresse
segments-fields-field-email_domain = Domain der E-Mail-Adresse
segments-fields-field-phone = Telefon
segments-fields-field-street = Straße
segments-fields-field-postal_code = Postleitzahl
segments-fields-field-city = Ort
segments-fields-field-country = Land
segments-fields-field-language = Sprache
segments-fields-field-source = Quelle
segments-fields-field-budget = Budget
segments-fields-field-company_name = Firma
segments-fields-field-company_industry = Branche
segments-fields-field-owner = Zuständig
segments-fields-field-created_at = Angelegt am
segments-fields-field-updated_at = Geändert am
segments-fields-field-segment = Segment
segments-fields-consent-email = { $purpose ->
    [marketing] Einwilligung in Werbung per E-Mail
   *[other] Einwilligung per E-Mail ({ $purpose })
}
segments-fields-consent-letter = { $purpose ->
    [marketing] Einwilligung in Werbung per Brief
   *[other] Einwilligung per Brief ({ $purpose })
}
segments-fields-consent-phone = { $purpose ->
    [marketing] Einwilligung in Werbung am Telefon
   *[other] Einwilligung am Telefon ({ $purpose })
}
segments-fields-consent-web = { $purpose ->
    [marketing] Einwilligung in Werbung auf der Website
   *[other] Einwilligung auf der Website ({ $purpose })
}
segments-fields-consent-social = { $purpose ->
    [marketing] Einwilligung in Werbung in sozialen Medien
   *[other] Einwilligung in sozialen Medien ({ $purpose })
}
segments-fields-kind-lead = Lead
segments-fields-kind-prospect = Interessent
segments-fields-kind-customer = Kunde
segments-fields-kind-former = Ehemaliger Kunde
segments-fields-salutation-ms = Frau
segments-fields-salutation-mr = Herr
segments-fields-salutation-mx = ohne
segments-fields-op-eq = ist
segments-fields-op-ne = ist nicht
segments-fields-op-in = ist eines von
segments-fields-op-not_in = ist keines von
segments-fields-op-lt = kleiner als
segments-fields-op-lte = höchstens
segments-fields-op-gt = größer als
segments-fields-op-gte = mindestens
segments-fields-op-between = zwischen
segments-fields-op-contains = enthält
segments-fields-op-starts_with = beginnt mit
segments-fields-op-is_empty = ist leer
segments-fields-op-is_set = ist ausgefüllt
segments-fields-op-within_days = in den letzten
segments-fields-op-older_than_days = länger her als
segments-fields-op-anniversary_within_days = jährt sich in den nächsten
segments-fields-where-campaign = Kampagne
segments-fields-where-message = Aussendung
segments-fields-where-product = Produkt
segments-fields-where-category = Kategorie
segments-fields-where-channel = Kanal
segments-fields-where-url = Webadresse
segments-fields-where-subject = Betreff
segments-fields-where-value = Wert
segments-fields-metric-revenue = Umsatz
segments-fields-metric-orders = Buchungen
segments-fields-metric-average_order = Umsatz je Buchung
segments-fields-metric-recency = Tage seit der letzten Buchung
segments-fields-metric-frequency = Häufigkeit (Buchungen)
segments-fields-metric-monetary = Kundenwert (Umsatz)
segments-fields-metric-interactions = Interaktionen
segments-fields-metric-open_rate = Öffnungsrate
segments-fields-metric-click_rate = Klickrate
segments-fields-everybody = Alle Kontakte
segments-fields-nobody = Niemand
segments-fields-all-of = Alle diese Bedingungen:
segments-fields-any-of = Mindestens eine dieser Bedingungen:
segments-fields-not = Nicht:
segments-fields-yes = ja
segments-fields-no = nein
segments-fields-in-days = in den letzten { $days } Tagen
segments-fields-since = ab { $day }
segments-fields-before = vor { $day }
segments-fields-at-least = mindestens { $n } Mal
segments-fields-at-most = höchstens { $n } Mal
segments-fields-never = nie
segments-fields-times = { $least } bis { $most } Mal
segments-fields-from-to = { $from } und { $to }
segments-fields-days = { $n } Tagen
segments-fields-unknown-field = Das Feld „{ $field }“ gibt es nicht. Möglich sind: { $fits }.
segments-fields-unknown-metric = Die Kennzahl „{ $metric }“ gibt es nicht. Möglich sind: { $fits }.
segments-fields-unknown-kind = Die Art „{ $kind }“ gibt es nicht. Möglich sind: { $fits }.
segments-fields-unknown-op = Der Vergleich „{ $op }“ passt hier nicht. Möglich sind: { $fits }.
segments-fields-unknown-key = „{ $key }“ ist hier nicht bekannt. Möglich sind: { $fits }.
segments-fields-unknown-condition = Das ist keine Bedingung. Möglich sind: all, any, not, field, did, metric.
segments-fields-unknown-product = Das Produkt „{ $product }“ gibt es nicht.
segments-fields-unknown-category = Die Kategorie „{ $category }“ gibt es nicht.
segments-fields-unknown-segment = Das Segment { $id } gibt es nicht.
segments-fields-circle = Das Segment „{ $name }“ führt auf dieses Segment zurück. Ein Segment kann sich nicht selbst enthalten.
segments-fields-other-channel = „{ $kind }“ gehört zum Kanal „{ $fits }“.
segments-fields-required = Hier fehlt eine Angabe.
segments-fields-not-an-object = Hier wird ein JSON-Objekt erwartet.
segments-fields-not-a-list = Hier wird eine Liste erwartet.
segments-fields-too-deep = Zu tief verschachtelt: höchstens { $most } Ebenen.
segments-fields-too-many-leaves = Zu viele Bedingungen: höchstens { $most }.
segments-fields-range = Der Anfang muss vor dem Ende liegen: [von, bis].
segments-fields-number-between = Hier wird eine ganze Zahl von { $least } bis { $most } erwartet.
segments-fields-moment = Kein Tag (2026-01-01) und kein Zeitpunkt nach RFC 3339.
segments-fields-no-value = Dieser Vergleich hat keinen Wert.
segments-fields-choice = Möglich sind: { $fits }.
segments-fields-money = Hier wird ein Betrag in ganzen Cent erwartet.
segments-fields-whole-number = Hier wird eine ganze Zahl erwartet.
segments-fields-share = Hier wird ein Anteil zwischen 0 und 1 erwartet.
segments-fields-day = Hier wird ein Tag erwartet, zum Beispiel 2026-01-31.
segments-fields-flag = Hier wird true oder false erwartet.
segments-fields-text = Hier wird ein Text erwartet.
segments-fields-text-too-long = Zu lang: höchstens { $most } Zeichen, ohne das Zeichen NUL.
segments-fields-id = Hier wird die Kennung eines Datensatzes erwartet.
segments-fields-list = Hier wird eine Liste mit 1 bis { $most } Werten erwartet.
segments-fields-answer = { $what }: { $answer }
segments-fields-quoted = „{ $text }“
segments-fields-own = Merkmal { $key }
segments-fields-field-occupation = Beruf
segments-fields-field-tag = Schlagwort
segments-fields-unknown-tag = Das Schlagwort „{ $tag }“ gibt es nicht.
