# Entering contacts quickly
customers-doubtful-phone = We do not know a telephone number like this. It stays as you wrote it.
customers-doubtful-postal-code = This postal code does not fit the country. One looks like this there: { $example }.
entry-doubtful = please check
entry-card-button = From e-mail, signature or vCard
entry-card-title = Contact from e-mail, signature or vCard
entry-card-lead = Paste what you have. The card comes filled, you check it and save.
entry-card-text = Signature, letterhead or address
entry-card-hint = Pasting is enough (Ctrl+V), reading begins by itself. You can also drop a file here.
entry-card-file = File: vCard (.vcf) or saved e-mail (.eml)
entry-card-read = Fill the card
entry-card-missing = Please paste a text or choose a file.
entry-card-nobody = We found nobody in it. A name, an e-mail address or a telephone number helps.
entry-card-website = Website
entry-known = Perhaps we know this person already
entry-known-text = Open the contact we have, or make a new one below.
entry-further = Also found
entry-further-text = The card has no field of its own for it.
entry-waiting = { $n ->
    [one] One more card follows.
   *[other] { $n } more cards follow.
}
customers-alike-email = Same e-mail address
customers-alike-phone = Same telephone number
customers-alike-name = Same name
intake-refusal-opendocument = This is an OpenDocument spreadsheet (.ods). Please save it in your program as an Excel workbook (.xlsx) or as CSV and choose that file.
intake-refusal-locked = The workbook is protected with a password. Please remove the protection in Excel (File, Info, Protect workbook) and choose the file again.
intake-refusal-broken-workbook = This workbook cannot be read. Open it in Excel, save it again as .xlsx and try once more.
intake-refusal-too-compressed = This file becomes unusually large when it is unpacked and was therefore not opened. Save the table as CSV and choose that file.
import-sheet = Sheet
intake-state-reverting = being taken back
intake-state-reverted = taken back
intake-revert-contacts-only = Only imports of contacts can be taken back so far.
intake-revert-not-done = This import has written nothing that could be taken back.
import-revert = Take import back
import-doing-reverting = The import is being taken back
import-reverted = Taken back.
import-reverted-removed = { $n ->
    [one] One contact is gone again.
   *[other] { $n } contacts are gone again.
}
import-reverted-restored = { $n ->
    [one] One contact has its earlier values again.
   *[other] { $n } contacts have their earlier values again.
}
import-stayed = { $n ->
    [one] Something of one contact stayed
   *[other] Something of { $n } contacts stayed
}
import-stayed-lead = Somebody has worked with them since the import. Nothing of that is lost.
import-stayed-used = used since the import
import-stayed-changed = changed since: { $fields }
audit-import-reverted = Import taken back
