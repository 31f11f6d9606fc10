# Die Schnittstelle für Programme
api-json-broken = Der Text ist kein gültiges JSON (Zeile { $line }, Spalte { $column }).
api-json-ends = Das JSON endet zu früh (Zeile { $line }, Spalte { $column }).
api-too-deep = Das JSON ist zu tief verschachtelt: höchstens 128 Ebenen.
api-nul = Text darf kein NUL-Zeichen enthalten.
api-unknown-field = Das Feld „{ $field }“ gibt es hier nicht. Es gibt: { $fitting }.
api-required = Das Feld „{ $field }“ fehlt.
api-wrong-type = Ein Wert passt nicht zu seinem Feld: { $detail }
api-key-invalid = Der Idempotency-Key muss 1 bis { $longest } sichtbare ASCII-Zeichen haben.
api-key-running = Der erste Aufruf mit diesem Idempotency-Key läuft noch.
api-key-interrupted = Der erste Aufruf mit diesem Idempotency-Key wurde unterbrochen. Prüfen Sie, ob er gewirkt hat, und nehmen Sie dann einen neuen Schlüssel.
api-key-reused = Dieser Idempotency-Key gehört zu einem anderen Aufruf.
api-cursor-invalid = Dieser Cursor stammt nicht von hier.
api-parameter-invalid = Der Wert von „{ $field }“ passt nicht: { $detail }
api-file-missing = Es fehlt die Datei: entweder als Teil „file“ (multipart/form-data) oder als ganzer Inhalt der Anfrage.
api-too-many-entries = Eine Liste darf 1 bis { $most } Einträge haben.
api-not-a-time = Bitte eine Zeit nach RFC 3339 mit Versatz angeben, zum Beispiel 2026-11-24T09:30:00+01:00.
api-orders-of-whom = Bitte sagen, wessen Aufträge: contact, contact_number oder number.
