using Salvor.Tests.Fuzz.Targets;

namespace Salvor.Tests.Fuzz;

/// <summary>
/// Whatever the bytes are: findings, or an error that says what is wrong; no crash, no hang, no runaway memory.
/// </summary>
public sealed class FuzzTests
{
    [Fact]
    public void Verify_of_a_mutated_database_gives_findings() => Run(new VerifyDatabase(), share: 15);

    [Fact]
    public void Restore_of_a_mutated_database_refuses_it_or_writes_a_sound_one() =>
        Run(new RestoreDatabase(), share: 15);

    [Fact]
    public void Inspect_of_a_mutated_database_shows_what_it_can() => Run(new InspectDatabase(), share: 5);

    [Fact]
    public void Verify_of_a_mutated_directory_gives_findings() => Run(new VerifyDirectory(), share: 10);

    [Fact]
    public void Salvage_of_a_mutated_directory_refuses_it_or_writes_a_sound_one() =>
        Run(new SalvageDirectory(), share: 15);

    [Fact]
    public void Salvage_onto_a_mutated_snapshot_refuses_it_or_says_what_is_lost() =>
        Run(new SalvageWithSnapshot(), share: 10);

    [Fact]
    public void Mutated_log_is_scanned_and_replayed_as_far_as_it_holds() => Run(new ScanLog(), share: 15);

    [Fact]
    public void Mutated_snap_file_is_read_or_refused() => Run(new ReadSnapFile(), share: 5);

    [Fact]
    public void Mutated_messages_are_parsed_or_not() => Run(new ParseMessages(), share: 10);

    [Fact]
    public void Mutated_members_are_parsed_or_not() => Run(new ReadMember(), share: 3);

    [Fact]
    public void Mutated_values_are_shown() => Run(new ShowValue(), share: 2);

    [Fact]
    public void Mutated_manifest_is_read_or_refused() => Run(new LoadManifest(), share: 5);

    [Fact]
    public void Mutated_segment_is_read_or_refused() => Run(new ReadSegment(), share: 10);

    /// <param name="target">What reads the bytes.</param>
    /// <param name="share">Percent of all mutations.</param>
    private static void Run(FuzzTarget target, int share) =>
        new FuzzLoop(target).Run(TestLevel.Choose(fast: 2_000, normal: 20_000, full: 100_000) * share / 100);
}
