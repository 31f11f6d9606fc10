# Kontakte
customers-unknown-channel = Den Kanal „{ $channel }“ gibt es nicht.
customers-kind-lead = Lead
customers-kind-prospect = Interessent
customers-kind-customer = Kunde
customers-kind-former = Ehemaliger Kunde
customers-unknown-kind = Die Art „{ $value }“ gibt es nicht.
customers-number-taken = Die Kundennummer „{ $value }“ gehört schon jemand anderem.
customers-nameless = Bitte geben Sie einen Nachnamen, eine Firma oder eine E-Mail-Adresse an.
customers-not-a-budget = Dieses Budget ist nicht möglich.
customers-not-a-page = Diese Seite der Liste gibt es nicht. Beginnen Sie von vorn.
customers-unknown-owner = Diese Person arbeitet nicht (mehr) hier. Wählen Sie eine andere.
customers-already-undone = Das ist schon rückgängig gemacht.
customers-field-archived = Archiv
customers-field-record = Datensatz
customers-field-tag = Schlagwort „{ $name }“

customers-salutation-line-ms = Sehr geehrte Frau { $name },
customers-salutation-line-mr = Sehr geehrter Herr { $name },
customers-salutation-line-name = Guten Tag { $name },
customers-salutation-line-nobody = Guten Tag,
customers-address-ms = Frau
customers-address-mr = Herrn

customers-point-of-email = Weitere E-Mail-Adresse
customers-point-of-phone = Weitere Telefonnummer
customers-point-of-address = Weitere Anschrift
customers-point-kind-private = privat
customers-point-kind-work = beruflich
customers-point-kind-mobile = mobil
customers-point-kind-temporary = vorübergehend
customers-point-kind-billing = für Rechnungen
customers-point-kind-other = sonstige
customers-point-kind = „{ $value }“ ist keine Art der Erreichbarkeit.
customers-point-what = „{ $value }“ ist weder E-Mail-Adresse noch Telefonnummer noch Anschrift.
customers-point-empty = Bitte ausfüllen.
customers-point-day = „{ $value }“ ist kein Tag, zum Beispiel 24.12.2026.
customers-point-order = Der letzte Tag liegt vor dem ersten.
customers-point-many = Ein Kontakt hat höchstens { $most } weitere Wege.

customers-tie-household = Haushalt
customers-tie-companion = Reist mit
customers-tie-oneself = Niemand wird mit sich selbst verbunden.
customers-tie-unknown = Diese Art der Verbindung gibt es nicht.
