namespace Salvor.Repository.Keeping;

/// <summary>What a segment tells of one revision, in short.</summary>
/// <param name="Changes">A sum over its changes, in order.</param>
/// <param name="Time">When it was seen, by its writer's clock.</param>
internal readonly record struct RevisionSum(UInt128 Changes, DateTimeOffset Time)
{
    /// <summary>Two writers' clocks may be so far apart, and what is merged of both tells the later time.</summary>
    public static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(2);

    public bool Agrees(RevisionSum other) => Changes == other.Changes && (Time - other.Time).Duration() <= ClockSkew;

    /// <summary>Whether all of them agree, and there are as many.</summary>
    public static bool Agree(ReadOnlySpan<RevisionSum> some, ReadOnlySpan<RevisionSum> others)
    {
        var at = 0;
        while (at < some.Length && at < others.Length && some[at].Agrees(others[at]))
        {
            at++;
        }

        return at == some.Length && at == others.Length;
    }
}
