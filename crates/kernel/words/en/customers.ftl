# Contacts
customers-unknown-channel = There is no channel “{ $channel }”.
