using Salvor.DataDirectory;
using Salvor.Errors;
using Salvor.Formats.Bbolt;
using Salvor.Formats.Findings;
using Salvor.Platform;
using Salvor.Progress;

namespace Salvor.Verify;

/// <summary>
/// Checks everything that a database file can be held to, and goes on behind damage until all is seen.
/// </summary>
/// <remarks>
/// The stored hash is computed on one thread while another walks the trees: meta pages, page ownership and order,
/// freelist, then the meaning of each bucket. A second walk of the keyspace gives HashKV, since what counts in it
/// depends on what comes later. Memory grows with the number of keys, not with their values.
/// </remarks>
public sealed class DatabaseCheck(DatabaseFile file, IFindingSink findings, ICpuPool pool)
{
    public async Task<DatabaseFacts> RunAsync(IProgress<WorkProgress>? progress, CancellationToken ct)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var hash = pool.Run(() => CheckHash(stop.Token), stop.Token);
        try
        {
            var facts = CheckImage(new CountingSink(findings), progress, ct);
            return facts with { Sha256 = await hash };
        }
        catch
        {
            // The other thread must have let go of the file before the caller closes it.
            await stop.CancelAsync();
            await Task.WhenAny(hash);
            throw;
        }
    }

    private string? CheckHash(CancellationToken ct)
    {
        if (file.Kind != DatabaseFileKind.Snapshot)
        {
            return null;
        }

        try
        {
            return file.CheckHash(progress: null, ct);
        }
        catch (SalvorException e) when (e.Code == ErrorCode.Corrupt)
        {
            findings.Report(new Finding(Severity.Error, "snapshot.hash", file.Path, file.Image.Length, e.Message));
            return null;
        }
    }

    private DatabaseFacts CheckImage(CountingSink counting, IProgress<WorkProgress>? progress, CancellationToken ct)
    {
        var metas = MetaPair.Read(file.Image);
        ReportMetas(metas, counting);
        if (metas.Newest is null)
        {
            return new DatabaseFacts();
        }

        var image = BboltImage.OpenDamaged(file.Image);
        ReportLength(image, counting);
        var walk = new BucketWalk(file.Image, image, counting, progress, ct);
        var facts = walk.Run();
        var freePages = new FreelistCheck(image, file.Path, counting).Run();
        var isWhole = counting.Errors == 0;
        return facts with
        {
            PageSizeBytes = image.Meta.PageSizeBytes,
            Pages = (long)image.Meta.HighWaterMark.Value,
            FreePages = freePages,
            ImageBytes = image.Meta.ImageBytes,
            StatusHash = isWhole ? facts.StatusHash : null,
            HashKv = isWhole ? walk.ComputeHashKv() : null,
        };
    }

    private void ReportMetas(MetaPair metas, CountingSink counting)
    {
        var severity = metas.Newest is null ? Severity.Error : Severity.Warning;
        Report(metas.FirstFault, page: 0);
        Report(metas.SecondFault, page: 1);

        void Report(MetaFault fault, int page)
        {
            if (fault != MetaFault.None)
            {
                counting.Report(new Finding(severity, "bbolt.meta", file.Path, (long)page * metas.PageSizeBytes,
                    $"meta page {page} can't be used ({fault})"
                    + (severity == Severity.Warning
                        ? "; etcd goes by the other one, which may be one commit older"
                        : "")));
            }
        }
    }

    private void ReportLength(BboltImage image, CountingSink counting)
    {
        var length = file.Image.Length;
        if (image.IsTruncated)
        {
            counting.Report(new Finding(Severity.Error, "bbolt.truncated", file.Path, length,
                $"the file is cut short: {image.Meta.HighWaterMark} pages need {image.Meta.ImageBytes} bytes, and it "
                    + $"has {length}"));
        }
        else if (file.Kind == DatabaseFileKind.Snapshot && length != image.Meta.ImageBytes)
        {
            counting.Report(new Finding(Severity.Warning, "snapshot.length", file.Path, image.Meta.ImageBytes,
                $"{length - image.Meta.ImageBytes} bytes stand between the last page and the hash"));
        }
    }
}
