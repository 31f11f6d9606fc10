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
