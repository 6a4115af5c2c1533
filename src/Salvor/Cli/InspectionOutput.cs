using Salvor.Formats.Etcd;
using Salvor.Inspect;

namespace Salvor.Cli;

/// <summary>Writes what inspect found, as text or JSON.</summary>
internal sealed class InspectionOutput(Terminal terminal, bool isJson)
{
    public void WriteOverview(Inspection inspection)
    {
        if (isJson)
        {
            terminal.WriteJson(json => InspectionJson.Write(json, inspection));
            return;
        }

        var output = terminal.Out;
        var facts = inspection.Facts;
        output.WriteLine(inspection.Errors == 0
            ? inspection.Path
            : $"{inspection.Path} (damaged: {inspection.Errors} errors; salvor verify lists them)");
        output.WriteLine($"  revision      {facts.Revision}, history from {Math.Max(1, facts.CompactRevision)} on");
        output.WriteLine($"  keys          {facts.LiveKeys} live, {facts.Entries} entries, "
            + ProgressText.Size(inspection.KeyspaceBytes));
        output.WriteLine($"  database      {ProgressText.Size(facts.ImageBytes)}, {facts.FreePages} of {facts.Pages} "
            + $"pages free, fragmentation {inspection.Fragmentation:P0}");
        output.WriteLine($"  raft          applied index {facts.Meta.ConsistentIndex}, "
            + $"term {facts.Meta.Term?.ToString() ?? "not stored (3.4)"}, "
            + $"storage version {facts.Meta.StorageVersion ?? "not stored (before 3.6)"}");
        output.WriteLine($"  leases        {facts.Leases}");
        output.WriteLine($"  auth          {(facts.AuthEnabled ? "on" : "off")}");
        foreach (var member in facts.Members)
        {
            output.WriteLine($"  member        {member.Id} {member.Name}{(member.IsLearner ? " (learner)" : "")}, "
                + $"peers {string.Join(",", member.PeerUrls)}, clients {string.Join(",", member.ClientUrls)}");
        }

        foreach (var alarm in facts.Alarms)
        {
            output.WriteLine($"  alarm         {alarm.Kind} raised by {alarm.Member}");
        }

        WriteLog(output, inspection);
        WriteGroups(output, "RESOURCE", inspection.Resources);
        WriteGroups(output, "NAMESPACE", inspection.Namespaces);
        WriteSizes(output, "BIGGEST KEYS", inspection.BiggestKeys);
        WriteSizes(output, "DEEPEST HISTORY", inspection.DeepestKeys);
    }

    public void WriteKeys(IReadOnlyCollection<KeyEntry> keys)
    {
        if (isJson)
        {
            terminal.WriteJson(json => InspectionJson.Write(json, keys));
            return;
        }

        var table = new TextTable("MODIFIED", "CREATED", "VERSION", "BYTES", "LEASE", "KEY");
        foreach (var key in keys)
        {
            table.Add(key.Revision.ToString(), $"{key.CreateRevision}", $"{key.Version}", $"{key.ValueBytes}",
                key.Lease == 0 ? "-" : $"{key.Lease:x}", KeyText.Show(key.Key));
        }

        table.Write(terminal.Out, rightAligned: 5);
    }

    public void WriteValue(KeyEntry key)
    {
        var value = ValueText.Of(key.Value);
        if (isJson)
        {
            terminal.WriteJson(json => InspectionJson.Write(json, key, value));
            return;
        }

        terminal.Out.WriteLine($"# {KeyText.Show(key.Key)}: modified at {key.Revision}, "
            + $"created at {key.CreateRevision}, version {key.Version}"
            + $"{(key.Lease == 0 ? "" : $", lease {key.Lease:x}")}, {key.ValueBytes} bytes, {value.Label}");
        terminal.Out.WriteLine(value.Text);
    }

    private static void WriteLog(TextWriter output, Inspection inspection)
    {
        if (inspection.Log is not { } log)
        {
            return;
        }

        output.WriteLine($"  log           {log.Segments} segments, entries {log.FirstIndex?.ToString() ?? "-"} to "
            + $"{log.LastIndex?.ToString() ?? "-"}, commit {log.Commit?.ToString() ?? "-"}, "
            + $"cluster {log.ClusterId ?? "-"}, member {log.MemberId ?? "-"}");
        foreach (var name in log.SnapFiles)
        {
            output.WriteLine($"  raft snapshot {name}");
        }
    }

    private static void WriteGroups(TextWriter output, string title, IReadOnlyList<GroupSize> groups)
    {
        var table = new TextTable("BYTES", "KEYS", "ENTRIES", title);
        foreach (var group in groups)
        {
            var name = KeyText.Show(System.Text.Encoding.UTF8.GetBytes(group.Name));
            table.Add($"{group.StoredBytes}", $"{group.Keys}", $"{group.Entries}", name);
        }

        output.WriteLine();
        table.Write(output, rightAligned: 3);
    }

    private static void WriteSizes(TextWriter output, string title, IReadOnlyList<KeySize> keys)
    {
        var table = new TextTable("BYTES", "ENTRIES", "VALUE", title);
        foreach (var key in keys)
        {
            table.Add($"{key.StoredBytes}", $"{key.Entries}", $"{key.ValueBytes}", key.Key);
        }

        output.WriteLine();
        table.Write(output, rightAligned: 3);
    }
}
