# Contacts
customers-unknown-channel = There is no channel “{ $channel }”.
customers-kind-lead = Lead
customers-kind-prospect = Prospect
customers-kind-customer = Customer
customers-kind-former = Former customer
customers-unknown-kind = There is no kind “{ $value }”.
customers-number-taken = The customer number “{ $value }” belongs to somebody else already.
customers-nameless = Please give a last name, a company or an e-mail address.
customers-not-a-budget = This budget is not possible.
customers-not-a-page = This page of the list does not exist. Start from the beginning.
customers-unknown-owner = This person does not work here (any more). Choose somebody else.
customers-already-undone = That has been undone already.
customers-field-archived = Archive
customers-field-record = Record
customers-field-tag = Tag “{ $name }”
