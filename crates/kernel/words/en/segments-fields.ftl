# Fields, operators and metrics of segments, and what is wrong with a definition
segments-fields-field-number = Customer number
segments-fields-field-kind = Kind of contact
segments-fields-field-salutation = Salutation
segments-fields-field-title = Title
segments-fields-field-first_name = First name
segments-fields-field-last_name = Last name
segments-fields-field-birth_date = Date of birth
segments-fields-field-age = Age
segments-fields-field-email = E-mail address
segments-fields-field-email_domain = Domain of the e-mail address
segments-fields-field-phone = Phone
segments-fields-field-street = Street
segments-fields-field-postal_code = Postal code
segments-fields-field-city = City
segments-fields-field-country = Country
segments-fields-field-language = Language
segments-fields-field-source = Source
segments-fields-field-budget = Budget
segments-fields-field-company_name = Company
segments-fields-field-company_industry = Industry
segments-fields-field-owner = Owner
segments-fields-field-created_at = Created on
segments-fields-field-updated_at = Changed on
segments-fields-field-segment = Segment
segments-fields-consent-email = { $purpose ->
    [marketing] Consent to marketing by e-mail
   *[other] Consent by e-mail ({ $purpose })
}
segments-fields-consent-letter = { $purpose ->
    [marketing] Consent to marketing by letter
   *[other] Consent by letter ({ $purpose })
}
segments-fields-consent-phone = { $purpose ->
    [marketing] Consent to marketing by phone
   *[other] Consent by phone ({ $purpose })
}
segments-fields-consent-web = { $purpose ->
    [marketing] Consent to marketing on the website
   *[other] Consent on the website ({ $purpose })
}
segments-fields-consent-social = { $purpose ->
    [marketing] Consent to marketing in social media
   *[other] Consent in social media ({ $purpose })
}
segments-fields-kind-lead = Lead
segments-fields-kind-prospect = Prospect
segments-fields-kind-customer = Customer
segments-fields-kind-former = Former customer
segments-fields-salutation-ms = Ms
segments-fields-salutation-mr = Mr
segments-fields-salutation-mx = Mx
segments-fields-op-eq = is
segments-fields-op-ne = is not
segments-fields-op-in = is one of
segments-fields-op-not_in = is none of
segments-fields-op-lt = less than
segments-fields-op-lte = at most
segments-fields-op-gt = more than
segments-fields-op-gte = at least
segments-fields-op-between = between
segments-fields-op-contains = contains
segments-fields-op-starts_with = starts with
segments-fields-op-is_empty = is empty
segments-fields-op-is_set = is filled in
segments-fields-op-within_days = in the last
segments-fields-op-older_than_days = longer ago than
segments-fields-op-anniversary_within_days = has its anniversary in the next
segments-fields-where-campaign = Campaign
segments-fields-where-message = Message
segments-fields-where-product = Product
segments-fields-where-category = Category
segments-fields-where-channel = Channel
segments-fields-where-url = Web address
segments-fields-where-subject = Subject
segments-fields-where-value = Value
segments-fields-metric-revenue = Revenue
segments-fields-metric-orders = Orders
segments-fields-metric-average_order = Revenue per order
segments-fields-metric-recency = Days since the last order
segments-fields-metric-frequency = Frequency (orders)
segments-fields-metric-monetary = Monetary value (revenue)
segments-fields-metric-interactions = Interactions
segments-fields-metric-open_rate = Open rate
segments-fields-metric-click_rate = Click rate
segments-fields-everybody = All contacts
segments-fields-nobody = Nobody
segments-fields-all-of = All of these conditions:
segments-fields-any-of = At least one of these conditions:
segments-fields-not = Not:
segments-fields-yes = yes
segments-fields-no = no
segments-fields-in-days = in the last { $days } days
segments-fields-since = since { $day }
segments-fields-before = before { $day }
segments-fields-at-least = at least { $n } times
segments-fields-at-most = at most { $n } times
segments-fields-never = never
segments-fields-times = { $least } to { $most } times
segments-fields-from-to = { $from } and { $to }
segments-fields-days = { $n } days
segments-fields-unknown-field = There is no field “{ $field }”. Possible are: { $fits }.
segments-fields-unknown-metric = There is no metric “{ $metric }”. Possible are: { $fits }.
segments-fields-unknown-kind = There is no kind “{ $kind }”. Possible are: { $fits }.
segments-fields-unknown-op = The operator “{ $op }” does not fit here. Possible are: { $fits }.
segments-fields-unknown-key = “{ $key }” is not known here. Possible are: { $fits }.
segments-fields-unknown-condition = This is no condition. Possible are: all, any, not, field, did, metric.
segments-fields-unknown-product = There is no product “{ $product }”.
segments-fields-unknown-category = There is no category “{ $category }”.
segments-fields-unknown-segment = There is no segment { $id }.
segments-fields-circle = The segment “{ $name }” leads back to this segment. A segment cannot contain itself.
segments-fields-other-channel = “{ $kind }” belongs to the channel “{ $fits }”.
segments-fields-required = Something is missing here.
segments-fields-not-an-object = A JSON object is expected here.
segments-fields-not-a-list = A list is expected here.
segments-fields-too-deep = Nested too deeply: at most { $most } levels.
segments-fields-too-many-leaves = Too many conditions: at most { $most }.
segments-fields-range = The beginning must be before the end: [from, to].
segments-fields-number-between = A whole number from { $least } to { $most } is expected here.
segments-fields-moment = Neither a day (2026-01-01) nor a time by RFC 3339.
segments-fields-no-value = This operator takes no value.
segments-fields-choice = Possible are: { $fits }.
segments-fields-money = An amount in whole cents is expected here.
segments-fields-whole-number = A whole number is expected here.
segments-fields-share = A share between 0 and 1 is expected here.
segments-fields-day = A day is expected here, for example 2026-01-31.
segments-fields-flag = true or false is expected here.
segments-fields-text = A text is expected here.
segments-fields-text-too-long = Too long: at most { $most } characters, without the character NUL.
segments-fields-id = The id of a record is expected here.
segments-fields-list = A list of 1 to { $most } values is expected here.
segments-fields-answer = { $what }: { $answer }
segments-fields-quoted = “{ $text }”
segments-fields-own = Attribute { $key }
segments-fields-field-occupation = Occupation
segments-fields-field-tag = Tag
segments-fields-unknown-tag = There is no tag “{ $tag }”.
