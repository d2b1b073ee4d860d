package io.guestflow.processor.sandbox.bench.auth;

import io.guestflow.contracts.Topics;

/** The topics that one authentication writes to, and their counterparts in the floor. */
enum Hop {
    REQUESTS(Topics.GUEST_AUTH_REQUESTS.name(), "bench-floor-requests"),
    COMMANDS(Topics.CXONE_AUTH_COMMANDS.name(), "bench-floor-commands"),
    OUTCOMES(Topics.CXONE_AUTH_OUTCOMES.name(), "bench-floor-outcomes"),
    RESULTS(Topics.GUEST_AUTH_RESULTS.name(), "bench-floor-results"),
    FACTS(Topics.GUEST_FACTS.name(), "bench-floor-facts"),
    OPENINGS(Topics.SESSION_EVENTS.name(), "bench-floor-openings"),
    PENDING(changelog("guestflow-auth", "auth-pending"), changelog(Hop.FLOOR_APPLICATION, "pending")),
    ENDED(changelog("guestflow-auth", "auth-ended"), changelog(Hop.FLOOR_APPLICATION, "ended")),
    TIMERS(changelog("guestflow-auth", "auth-timers"), changelog(Hop.FLOOR_APPLICATION, "timers"));

    static final String FLOOR_APPLICATION = "bench-floor";

    private final String system;
    private final String floor;

    Hop(String system, String floor) {
        this.system = system;
        this.floor = floor;
    }

    /** The processor's topic. */
    String system() {
        return system;
    }

    /** The floor's. */
    String floor() {
        return floor;
    }

    /** Whether Kafka Streams creates it by itself. */
    boolean isChangelog() {
        return this == PENDING || this == ENDED || this == TIMERS;
    }

    private static String changelog(String application, String store) {
        return application + "-" + store + "-changelog";
    }
}
