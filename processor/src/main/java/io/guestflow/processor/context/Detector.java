package io.guestflow.processor.context;

import io.guestflow.contracts.auth.ContextDrop.Reason;

/**
 * A kind of personal data that the tripwire knows. If several find something the first one here is the reason: the more
 * certain goes first.
 */
enum Detector {
    EMAIL(Reason.LOOKS_LIKE_EMAIL),
    CARD(Reason.LOOKS_LIKE_CARD),
    PHONE(Reason.LOOKS_LIKE_PHONE);

    private final Reason reason;

    Detector(Reason reason) {
        this.reason = reason;
    }

    Reason reason() {
        return reason;
    }

    /** Whether it occurs in a {@linkplain Readings reading} of a text. */
    boolean finds(String reading) {
        return switch (this) {
            case EMAIL -> EmailAddresses.occurIn(reading);
            case CARD -> PaymentCards.occurIn(reading);
            case PHONE -> PhoneNumbers.occurIn(reading);
        };
    }
}
