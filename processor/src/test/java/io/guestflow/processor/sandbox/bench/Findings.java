package io.guestflow.processor.sandbox.bench;

import io.guestflow.processor.sandbox.load.LoadReport;
import java.util.ArrayList;
import java.util.List;

/** What a run came upon besides its figures. */
public final class Findings {
    private final Progress progress;
    private final List<String> broken = new ArrayList<>();
    private final List<String> remarks = new ArrayList<>();

    /** Tells each at once, too. */
    public Findings(Progress progress) {
        this.progress = progress;
    }

    /** Something is broken unless every request got exactly one answer; on a slow machine it may be that it is too late. */
    public void check(String what, LoadReport report) {
        if (!report.counts().accounted()) {
            broken(what + ": not every request got exactly one answer: " + report);
        }
    }

    /** Something is not as it must be. */
    public void broken(String line) {
        progress.say("BROKEN: " + line);
        broken.add(line);
    }

    /** Something that makes a figure worth less. */
    public void remark(String line) {
        progress.say("NOTE: " + line);
        remarks.add(line);
    }

    /** What is not as it must be. */
    public List<String> broken() {
        return List.copyOf(broken);
    }

    /** What makes figures worth less. */
    public List<String> remarks() {
        return List.copyOf(remarks);
    }
}
