# Aufträge
sales-not-a-number = Bitte eine Nummer aus höchstens 50 Zeichen ohne Steuerzeichen.
sales-not-a-name = Bitte einen Namen aus höchstens 200 Zeichen ohne Steuerzeichen.
sales-not-a-time = Dieser Zeitpunkt kann kein Auftragsdatum sein.
sales-no-items = Ein Auftrag hat mindestens eine und höchstens 1000 Positionen.
sales-not-a-quantity = Die Menge muss zwischen 1 und 1000000 liegen.
sales-not-a-price = Dieser Preis ist zu hoch.
sales-not-a-position = Die Position muss zwischen 1 und 100000 liegen.
