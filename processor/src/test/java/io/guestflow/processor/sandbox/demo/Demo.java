package io.guestflow.processor.sandbox.demo;

import io.guestflow.processor.sandbox.broker.KafkaSandbox;
import io.guestflow.processor.sandbox.webhooks.WebhookBodies;
import java.time.Duration;
import java.time.InstantSource;

/**
 * Tells the story on a stage that is set, and checks what came of it.
 *
 * <p>Threading: one thread drives it.
 */
final class Demo {
    /** Between two beats of the story. */
    private static final Duration BEAT = Duration.ofMillis(250);

    private static final int BEATS_A_STATUS = 20;
    private static final Duration LAST_ANSWERS_WITHIN = Duration.ofSeconds(20);
    /** From the end of an act; the longest session that is followed lives for two lifetimes. */
    private static final Duration SESSIONS_WITHIN = Stage.LIFETIME.multipliedBy(3);
    /** An answer too many would come about as late as this. */
    private static final Duration SURPLUS_WITHIN = Duration.ofMillis(1_500);
    /** In an endless story, when a request counts as ended: longer than any guest's visit. */
    private static final Duration SETTLES_WITHIN = Duration.ofSeconds(60);

    private final Stage stage;
    private final Screen screen;
    private final Story story;
    private final Ledger ledger = new Ledger();
    private final Figures figures = new Figures(System.nanoTime());
    private final Tally tally = new Tally();
    private final InstantSource clock;
    private final SessionBook sessions = new SessionBook(this::wrong);

    Demo(Stage stage, Screen screen, InstantSource clock) {
        this.stage = stage;
        this.screen = screen;
        this.clock = clock;
        this.story = new Story(new Messages(clock, Stage.PARTITIONS));
    }

    /**
     * Tells it until this JVM ends.
     *
     * @throws IllegalStateException when a part of the stage fell
     */
    void forever() throws InterruptedException {
        tell(Integer.MAX_VALUE);
    }

    /**
     * Tells one act and shows a summary.
     *
     * @return whether all was as it must be
     * @throws IllegalStateException when a part of the stage fell
     */
    boolean once() throws InterruptedException {
        tell(Story.BEATS);
        ledger.settled(Duration.ZERO, System.nanoTime()).forEach(tally::add);
        strayDeadLetters(Duration.ZERO);
        sessions.close();
        String windows = stage.windows();
        stage.drain().ifPresent(tally::problem);
        screen.line("");
        Summary.lines(tally).forEach(screen::line);
        screen.line("");
        Summary.lines(sessions).forEach(screen::line);
        screen.line("");
        screen.line(windows.stripTrailing());
        tally.problems().forEach(screen::wrong);
        if (tally.wrong() > 0) {
            screen.line("\nprocessor: " + stage.processorLog());
            return false;
        }
        screen.line("\nEvery request was answered as it must be, once, and every session lived exactly as long as its"
                + " guest.");
        return true;
    }

    private void tell(int beats) throws InterruptedException {
        try (var kafka = new KafkaSandbox(stage.bootstrap());
                var scraper = new Scraper(stage.processor());
                var chats = new Chats(kafka, WebhookBodies.asIntakeReadsThem(), clock, screen);
                var inbox = new Inbox(
                        stage.bootstrap(),
                        Answers.TOPICS,
                        new Answers(ledger, figures, tally, screen, sessions, chats::begin)::read);
                var guests = new Guests(kafka, ledger, figures, screen)) {
            long start = System.nanoTime();
            for (int beat = 0; beat < beats; beat++) {
                story.beat(beat % Story.BEATS).forEach(guests::come);
                if (beat % BEATS_A_STATUS == BEATS_A_STATUS - 1) {
                    // On its own: a processor that does not answer must not hold up the story.
                    Thread.ofVirtual().name("demo-status").start(() -> status(scraper));
                }
                sleepUntil(start + (beat + 1) * BEAT.toNanos());
                check(inbox, guests, chats);
            }
            screen.status("   ... waiting for the last answers");
            ledger.awaitComplete(LAST_ANSWERS_WITHIN);
            screen.status("   ... waiting for sessions to run out");
            sessions.awaitComplete(SESSIONS_WITHIN);
            Thread.sleep(SURPLUS_WITHIN);
            check(inbox, guests, chats);
        }
    }

    private void check(Inbox inbox, Guests guests, Chats chats) {
        inbox.check();
        guests.check();
        chats.check();
        stage.fallen().ifPresent(text -> {
            throw new IllegalStateException(text);
        });
    }

    private void status(Scraper scraper) {
        try {
            long now = System.nanoTime();
            ledger.settled(SETTLES_WITHIN, now)
                    .forEach(account -> tally.add(account).ifPresent(screen::wrong));
            strayDeadLetters(SETTLES_WITHIN);
            screen.status(
                    "   --- " + figures.rates(now) + "; " + ledger.waiting() + " waiting; " + tally.wrong() + " wrong",
                    "       " + figures.errors(),
                    "       processor: " + scraper.state(),
                    "       sessions: " + sessions.state());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void wrong(String text) {
        screen.wrong(text);
        tally.problem(text);
    }

    private void strayDeadLetters(Duration quiet) {
        for (String record : ledger.strayDeadLetters(quiet, System.nanoTime())) {
            tally.problem("a dead letter names " + record + ", which is not garbage");
        }
    }

    private static void sleepUntil(long nanoTime) throws InterruptedException {
        Thread.sleep(Duration.ofNanos(Math.max(0, nanoTime - System.nanoTime())));
    }
}
