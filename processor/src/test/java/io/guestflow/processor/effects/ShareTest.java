package io.guestflow.processor.effects;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShareTest {
    private final List<String> told = new ArrayList<>();
    private final Share share = new Share((assigned, total) -> told.add(assigned + "/" + total));

    @Test
    void aGainedPartIsToldWhenItsWorkBegins() {
        share.known(4, 12);
        assertEquals(List.of(), told);
        share.begun();
        assertEquals(List.of("4/12"), told);
    }

    @Test
    void aLostPartIsToldBeforeThatAndOnce() {
        begun(12, 12);
        share.known(6, 12);
        assertEquals(List.of("12/12", "6/12"), told);
        share.begun();
        assertEquals(List.of("12/12", "6/12"), told);
    }

    @Test
    void morePartitionsForAllCanBeLessForUs() {
        begun(6, 12);
        share.known(6, 24);
        assertEquals(List.of("6/12", "6/24"), told);
    }

    @Test
    void whatStaysIsToldToo() {
        begun(6, 12);
        begun(6, 12);
        assertEquals(List.of("6/12", "6/12"), told);
    }

    @Test
    void losingAllIsToldAtOnceAlsoIfThereWasNothing() {
        share.lost();
        begun(6, 12);
        share.lost();
        begun(6, 12);
        assertEquals(List.of("0/1", "6/12", "0/12", "6/12"), told);
    }

    private void begun(int assigned, int total) {
        share.known(assigned, total);
        share.begun();
    }
}
