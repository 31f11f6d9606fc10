# Kontakte schnell erfassen
customers-doubtful-phone = Diese Telefonnummer kennen wir so nicht. Sie bleibt, wie Sie sie schreiben.
customers-doubtful-postal-code = Diese Postleitzahl passt nicht zum Land. So sieht dort eine aus: { $example }.
entry-doubtful = bitte prüfen
entry-card-button = Aus E-Mail, Signatur oder vCard
entry-card-title = Kontakt aus E-Mail, Signatur oder vCard
entry-card-lead = Fügen Sie ein, was Sie haben. Die Karte kommt ausgefüllt, Sie prüfen und speichern.
entry-card-text = Signatur, Briefkopf oder Adresse
entry-card-hint = Einfügen genügt (Strg+V), das Lesen beginnt von selbst. Auch eine Datei lässt sich hierher ziehen.
entry-card-file = Datei: vCard (.vcf) oder gespeicherte E-Mail (.eml)
entry-card-read = Karte ausfüllen
entry-card-missing = Bitte fügen Sie einen Text ein oder wählen Sie eine Datei.
entry-card-nobody = Darin haben wir niemanden gefunden. Hilfreich sind ein Name, eine E-Mail-Adresse oder eine Telefonnummer.
entry-card-website = Website
entry-known = Vielleicht kennen wir diese Person schon
entry-known-text = Öffnen Sie den vorhandenen Kontakt, oder legen Sie unten einen neuen an.
entry-further = Außerdem gefunden
entry-further-text = Dafür hat die Karte kein eigenes Feld.
entry-waiting = { $n ->
    [one] Danach folgt noch eine Karte.
   *[other] Danach folgen noch { $n } Karten.
}
customers-alike-email = Gleiche E-Mail-Adresse
customers-alike-phone = Gleiche Telefonnummer
customers-alike-name = Gleicher Name
intake-refusal-opendocument = Das ist eine OpenDocument-Tabelle (.ods). Bitte speichern Sie sie in Ihrem Programm als Excel-Arbeitsmappe (.xlsx) oder als CSV und wählen Sie dann diese Datei.
intake-refusal-locked = Die Mappe ist mit einem Passwort geschützt. Bitte heben Sie den Schutz in Excel auf (Datei, Informationen, Arbeitsmappe schützen) und wählen Sie die Datei noch einmal.
intake-refusal-broken-workbook = Diese Mappe lässt sich nicht lesen. Öffnen Sie sie in Excel, speichern Sie sie neu als .xlsx und versuchen Sie es noch einmal.
intake-refusal-too-compressed = Diese Datei wird beim Entpacken ungewöhnlich groß und wurde deshalb nicht geöffnet. Speichern Sie die Tabelle als CSV und wählen Sie diese Datei.
import-sheet = Tabellenblatt
intake-state-reverting = wird zurückgenommen
intake-state-reverted = zurückgenommen
intake-revert-contacts-only = Zurücknehmen lassen sich bisher nur Importe von Kontakten.
intake-revert-not-done = Dieser Import hat nichts geschrieben, das sich zurücknehmen ließe.
import-revert = Import zurücknehmen
import-doing-reverting = Der Import wird zurückgenommen
import-reverted = Zurückgenommen.
import-reverted-removed = { $n ->
    [one] Ein Kontakt ist wieder weg.
   *[other] { $n } Kontakte sind wieder weg.
}
import-reverted-restored = { $n ->
    [one] Ein Kontakt hat wieder seine früheren Angaben.
   *[other] { $n } Kontakte haben wieder ihre früheren Angaben.
}
import-stayed = { $n ->
    [one] Bei einem Kontakt blieb etwas stehen
   *[other] Bei { $n } Kontakten blieb etwas stehen
}
import-stayed-lead = Mit ihnen wurde seit dem Import gearbeitet. Nichts davon geht verloren.
import-stayed-used = seit dem Import verwendet
import-stayed-changed = seitdem geändert: { $fields }
audit-import-reverted = Import zurückgenommen
