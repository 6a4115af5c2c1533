using Salvor.Formats;
using Salvor.Repository.Log;

namespace Salvor.Backup.Streaming;

/// <summary>Stores what a stream that was killed, or ended while the store was away, left in the spool.</summary>
internal static class SpoolLeftovers
{
    /// <remarks>May be repeated: what is stored leaves the spool at once, and storing twice changes nothing.</remarks>
    public static async Task StoreAsync(
        SegmentSpool? spool, SegmentStore log, Action<StreamEvent> report, CancellationToken ct)
    {
        var stored = 0;
        foreach (var name in spool?.Leftovers() ?? [])
        {
            var bytes = spool!.Read(name);
            try
            {
                log.Open(name, bytes).Dispose();
            }
            catch (CorruptDataException e)
            {
                report(new StreamEvent.Warning($"{spool.Directory}/{name} stays where it is: it is damaged, or of "
                    + $"another repository or timeline ({e.Message})."));
                continue;
            }

            await log.PutAsync(name, bytes, ct);
            spool.Remove(name);
            stored++;
        }

        if (stored > 0)
        {
            report(new StreamEvent.SpoolEmptied(stored));
        }
    }
}
