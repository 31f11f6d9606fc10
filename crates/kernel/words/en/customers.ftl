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

customers-salutation-line-ms = Dear Ms { $name },
customers-salutation-line-mr = Dear Mr { $name },
customers-salutation-line-name = Dear { $name },
customers-salutation-line-nobody = Hello,
customers-address-ms = Ms
customers-address-mr = Mr

customers-point-of-email = Further e-mail address
customers-point-of-phone = Further phone number
customers-point-of-address = Further address
customers-point-kind-private = private
customers-point-kind-work = work
customers-point-kind-mobile = mobile
customers-point-kind-temporary = temporary
customers-point-kind-billing = for invoices
customers-point-kind-other = other
customers-point-kind = “{ $value }” is no kind of way to reach somebody.
customers-point-what = “{ $value }” is neither e-mail address nor phone number nor postal address.
customers-point-empty = Please fill this in.
customers-point-day = “{ $value }” is no day, such as 2026-12-24.
customers-point-order = The last day is before the first.
customers-point-many = A contact has at most { $most } further ways.

customers-tie-household = Household
customers-tie-companion = Travels with
customers-tie-oneself = Nobody is tied to themselves.
customers-tie-unknown = There is no such kind of tie.
