using Salvor.Restore.FromRepository;

namespace Salvor.Restore.Export;

/// <summary>What an export made.</summary>
/// <param name="File">The snapshot file.</param>
/// <param name="Plan">What it was made of.</param>
/// <param name="IsAsSent">Whether it is, byte for byte, what etcd sent.</param>
/// <param name="SizeBytes">Its length, with the hash.</param>
/// <param name="Sha256">The hash at its end, in hex.</param>
/// <param name="Elapsed">How long it took.</param>
public sealed record ExportReport(
    string File, RestorePlan Plan, bool IsAsSent, long SizeBytes, string Sha256, TimeSpan Elapsed);
