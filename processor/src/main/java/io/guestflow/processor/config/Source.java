package io.guestflow.processor.config;

/** Where a value came from, weakest first. */
enum Source {
    DEFAULT("default"),
    FILE("file"),
    ENVIRONMENT("environment"),
    COMMAND_LINE("command line");

    private final String title;

    Source(String title) {
        this.title = title;
    }

    String title() {
        return title;
    }
}
