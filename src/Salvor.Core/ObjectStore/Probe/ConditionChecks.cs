namespace Salvor.ObjectStore.Probe;

/// <summary>Puts under conditions. A check returns null when it passed, else what was seen.</summary>
internal sealed class ConditionChecks(ProbeObjects objects)
{
    private const int Writers = 8;
    private const int Rounds = 3;

    public async Task<string?> IfAbsentAsync(CancellationToken ct)
    {
        var name = objects.Name("once");
        var first = await objects.PutAsync(name, objects.Content("first"), PutCondition.IfAbsent, ct);
        var second = await objects.PutAsync(name, objects.Content("second"), PutCondition.IfAbsent, ct);
        return !first.IsStored ? "It refused to store what was not there."
            : second.IsStored ? "It overwrote what was there, and said that it was not."
            : await HoldsAsync(name, "first", ct);
    }

    public async Task<string?> IfMatchAsync(CancellationToken ct)
    {
        var name = objects.Name("pointer");
        var first = await objects.PutAsync(name, objects.Content("first"), PutCondition.None, ct);
        if (first.Tag is not { } old)
        {
            return "It gave the object no tag.";
        }

        var second = await objects.PutAsync(name, objects.Content("second"), PutCondition.IfMatch(old), ct);
        if (!second.IsStored)
        {
            return "It refused the tag that it had just given.";
        }

        var third = await objects.PutAsync(name, objects.Content("third"), PutCondition.IfMatch(old), ct);
        return third.IsStored ? "It took an old tag, and overwrote." : await HoldsAsync(name, "second", ct);
    }

    public async Task<string?> IfAbsentRaceAsync(CancellationToken ct)
    {
        for (var round = 0; round < Rounds; round++)
        {
            if (await RaceAsync(objects.Name($"race-{round}"), PutCondition.IfAbsent, round, ct) is { } fault)
            {
                return fault;
            }
        }

        return null;
    }

    public async Task<string?> IfMatchRaceAsync(CancellationToken ct)
    {
        var name = objects.Name("race-pointer");
        var start = await objects.PutAsync(name, objects.Content("start"), PutCondition.None, ct);
        var tag = start.Tag;
        for (var round = 0; round < Rounds; round++)
        {
            if (tag is not { } present)
            {
                return "It gave the object no tag.";
            }

            if (await RaceAsync(name, PutCondition.IfMatch(present), round, ct) is { } fault)
            {
                return fault;
            }

            tag = (await objects.ReadAsync(name, ct))?.Tag;
        }

        return null;
    }

    private async Task<string?> RaceAsync(ObjectName name, PutCondition condition, int round, CancellationToken ct)
    {
        var puts = Enumerable.Range(0, Writers)
            .Select(writer => objects.PutAsync(name, objects.Content($"{round}-{writer}"), condition, ct)).ToList();
        var results = await Task.WhenAll(puts);
        var winners = results.Count(r => r.IsStored);
        return winners == 1
            ? await HoldsAsync(name, $"{round}-{Array.FindIndex(results, r => r.IsStored)}", ct)
            : $"Of {Writers} writers that raced, {winners} were told that they had won.";
    }

    private async Task<string?> HoldsAsync(ObjectName name, string label, CancellationToken ct) =>
        await objects.ReadAsync(name, ct) is { } content && content.Bytes.AsSpan().SequenceEqual(objects.Content(label))
            ? null
            : "It holds the content of a writer that it had refused.";
}
