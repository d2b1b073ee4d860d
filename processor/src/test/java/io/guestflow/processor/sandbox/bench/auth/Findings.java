package io.guestflow.processor.sandbox.bench.auth;

import io.guestflow.processor.sandbox.bench.Progress;
import io.guestflow.processor.sandbox.load.LoadReport;
import java.util.ArrayList;
import java.util.List;

/** What a run came upon besides its figures. */
final class Findings {
    private final Progress progress;
    private final List<String> broken = new ArrayList<>();
    private final List<String> remarks = new ArrayList<>();

    Findings(Progress progress) {
        this.progress = progress;
    }

    /** Something is broken unless every request got exactly one answer; on a slow machine it may be that it is too late. */
    void check(String what, LoadReport report) {
        if (!report.counts().accounted()) {
            broken(what + ": not every request got exactly one answer: " + report);
        }
    }

    /** Something is not as it must be. */
    void broken(String line) {
        progress.say("BROKEN: " + line);
        broken.add(line);
    }

    /** Something that makes a figure worth less. */
    void remark(String line) {
        progress.say("NOTE: " + line);
        remarks.add(line);
    }

    List<String> broken() {
        return List.copyOf(broken);
    }

    List<String> remarks() {
        return List.copyOf(remarks);
    }
}
