using System.Globalization;
using System.Text;
using Salvor.Formats.Checksums;

namespace Salvor.Tests.Fuzz;

/// <summary>Runs the cases of a target, each from a seed of its own, so that one case replays alone.</summary>
/// <remarks>
/// A case fails when anything but an allowed exception comes out, when it takes longer than a minute, or when it
/// allocates more than twice what the unchanged sample does, a megabyte, and a fixed number of bytes per byte of its
/// input. What is allocated over a case's whole life bounds what it ever holds.
/// </remarks>
internal sealed class FuzzLoop(FuzzTarget target)
{
    /// <summary>Far above what a case takes on a loaded machine.</summary>
    private static readonly TimeSpan CaseTimeMax = TimeSpan.FromMinutes(1);

    private const long AllocatedSlackBytes = 1 << 20;
    private const int PrintedBytesMax = 1 << 16;

    private static readonly int Seed = Number("SALVOR_FUZZ_SEED") ?? 1;
    private static readonly int? OnlyCase = Number("SALVOR_FUZZ_CASE");

    private readonly string _name = target.GetType().Name;
    private readonly Dictionary<Sample, long> _allocated = [];
    private volatile int _case = -1;
    private long _caseStarted;
    private volatile string? _failure;

    private int _resealed;
    private int _refused;

    public void Run(int cases)
    {
        TestContext.Current.TestOutputHelper?.WriteLine($"{_name}: seed {Seed}, {cases} cases");
        var thread = new Thread(() => RunAll(cases), 8 << 20) { IsBackground = true };
        Volatile.Write(ref _caseStarted, Environment.TickCount64);
        thread.Start();
        while (!thread.Join(TimeSpan.FromSeconds(1)))
        {
            var elapsed = TimeSpan.FromMilliseconds(Environment.TickCount64 - Volatile.Read(ref _caseStarted));
            Assert.True(elapsed < CaseTimeMax, $"{Replay(_case)} has run for {elapsed.TotalSeconds:0} s: it hangs.");
        }

        Assert.True(_failure is null, _failure);
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{_resealed} with checksums made right again, {_refused} refused");
        Assert.True(!target.HasChecksums || _resealed * 2 >= cases
            || OnlyCase is not null, "Too few cases reach beyond the checksums.");
    }

    private static int? Number(string name) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var number)
            ? number
            : null;

    private void RunAll(int cases)
    {
        try
        {
            MeasureSamples();
            for (var i = OnlyCase ?? 0; i < cases && _failure is null && (OnlyCase is null || i == OnlyCase); i++)
            {
                RunCase(i);
            }
        }
        catch (Exception e)
        {
            _failure = $"{Replay(_case)}: {e}";
        }
    }

    private void MeasureSamples()
    {
        foreach (var sample in target.Samples)
        {
            RunUnchanged(sample); // The first run loads code.
            var before = GC.GetAllocatedBytesForCurrentThread();
            RunUnchanged(sample);
            _allocated[sample] = GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    private void RunUnchanged(Sample sample)
    {
        try
        {
            target.Run(sample.Files, new Random(0));
        }
        catch (Exception e) when (target.IsAllowed(e))
        {
            // A sample may be wrong on purpose.
        }
    }

    private void RunCase(int number)
    {
        _case = number;
        Volatile.Write(ref _caseStarted, Environment.TickCount64);
        var seed = Fnv1a64.Compute(
            Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{_name}/{Seed}/{number}")));
        var random = new Random(unchecked((int)seed));
        var sample = target.Samples[random.Next(target.Samples.Count)];
        var other = target.Samples[random.Next(target.Samples.Count)];
        var files = Mutation.Apply(sample, other, target.Words, random);
        if (target.HasChecksums && random.Next(3) > 0)
        {
            target.Reseal(files);
            _resealed++;
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            target.Run(files, random);
        }
        catch (Exception e) when (target.IsAllowed(e))
        {
            _refused++;
        }
        catch (Exception e)
        {
            _failure = $"{Replay(number)} ({sample.Name}, {Show(files)}): {e}";
            return;
        }

        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        var allowed = (2 * _allocated[sample]) + AllocatedSlackBytes
            + (target.AllocatedPerInputByte * files.Sum(f => (long)f.Length));
        if (allocated > allowed)
        {
            _failure =
                $"{Replay(number)} ({sample.Name}, {Show(files)}) allocated {allocated} bytes, more than {allowed}.";
        }
    }

    private string Replay(int number) =>
        $"SALVOR_FUZZ_SEED={Seed} SALVOR_FUZZ_CASE={number} (run the test of {_name} alone)";

    private static string Show(byte[][] files)
    {
        var sizes = string.Join(", ", files.Select(f => $"{f.Length} bytes"));
        return files.Sum(f => f.Length) > PrintedBytesMax
            ? sizes
            : $"{sizes}: {string.Join(" | ", files.Select(Compress))}";
    }

    private static string Compress(byte[] file)
    {
        using var compressed = new MemoryStream();
        using (var gzip =
            new System.IO.Compression.GZipStream(compressed, System.IO.Compression.CompressionLevel.SmallestSize))
        {
            gzip.Write(file);
        }

        return "gzip+base64 " + Convert.ToBase64String(compressed.ToArray());
    }
}
