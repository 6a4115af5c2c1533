using System.Globalization;
using Salvor.Errors;
using Salvor.Readiness.Protect.Machine;
using Salvor.Recovery.Evidence;

namespace Salvor.Recovery.OnMachine.Certificates;

/// <summary>Whether the machine's clock can be relied on.</summary>
/// <remarks>
/// It is proven where the kernel, or the stamp of a time service, says that it is kept; it is wrong where nothing says
/// so and it shows a time before something that has happened. Otherwise nobody knows.
/// </remarks>
/// <param name="machine">Whose clock.</param>
/// <param name="time">That clock.</param>
/// <param name="kernelSays">What the kernel says: <see cref="Platform.Linux.KernelClock"/>.</param>
public sealed class ClockLook(NodeFiles machine, TimeProvider time, Func<bool?> kernelSays) : IMachineLook
{
    /// <summary>systemd-timesyncd makes it when it has set the clock; it is gone after a restart.</summary>
    private const string TimesyncStamp = "/run/systemd/timesync/synchronized";

    /// <summary>chronyd writes it about once an hour, while it follows a source.</summary>
    private static readonly string[] DriftFiles = ["/var/lib/chrony/chrony.drift", "/var/lib/chrony/drift"];

    private static readonly string[] OwnDirectories =
        ["/var/lib/salvor", Manifests.ManifestHistory.DirectoryPath, LocalQuarantine.DirectoryPath];

    private static readonly TimeSpan DriftAge = TimeSpan.FromHours(3);

    /// <summary>File systems and clocks round: a difference up to this is none.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromMinutes(2);

    public Task<Observations> LookAsync(CancellationToken ct) => Task.FromResult(Look());

    public Observations Look()
    {
        var now = time.GetUtcNow();
        if (WhoKeeps(now) is { } keeper)
        {
            return Observations.None.With(Sign.ClockProven, Truth.Yes, keeper);
        }

        var (happened, what) = Latest();
        return now + Slack < happened
            ? Observations.None.With(Sign.ClockProven, Truth.No,
                string.Create(CultureInfo.InvariantCulture,
                    $"the clock shows {now:yyyy-MM-dd HH:mm}Z, and {what} is of {happened:yyyy-MM-dd HH:mm}Z"))
            : Observations.None.With(Sign.ClockProven, Truth.Unknown, "no time service says that it keeps the clock");
    }

    private string? WhoKeeps(DateTimeOffset now)
    {
        if (kernelSays() == true)
        {
            return "the kernel says that a time service keeps the clock";
        }

        if (ModifiedAt(TimesyncStamp) is not null)
        {
            return "systemd-timesyncd has set the clock";
        }

        return DriftFiles.Any(path => ModifiedAt(path) is { } at && at <= now + Slack && now - at <= DriftAge)
            ? "chronyd has followed its sources lately"
            : null;
    }

    /// <summary>The newest of what is known to have happened: our own files, and the cluster's authorities.</summary>
    private (DateTimeOffset At, string What) Latest()
    {
        var all = OwnDirectories.SelectMany(FilesIn)
            .Select(path => (At: ModifiedAt(path) ?? DateTimeOffset.MinValue, What: path))
            .Concat(CertificatePlaces.Find(machine).Where(place => place.IsAuthority).SelectMany(BeginningsOf));
        return all.Append((DateTimeOffset.MinValue, "")).MaxBy(one => one.Item1);
    }

    private IEnumerable<string> FilesIn(string directory)
    {
        var place = machine.PathOf(directory);
        return machine.FileSystem.Stat(place) is { IsDirectory: true }
            ? machine.FileSystem.List(place).Select(name => $"{directory}/{name}")
            : [];
    }

    private List<(DateTimeOffset At, string What)> BeginningsOf(CertificatePlace place)
    {
        var beginnings = new List<(DateTimeOffset At, string What)>();
        try
        {
            if (machine.TryRead(place.Path) is { } file)
            {
                foreach (var source in CertificateSource.Read(place, file.Text))
                {
                    using (source)
                    {
                        beginnings.Add((source.Certificate.NotBefore.ToUniversalTime(), place.Path));
                    }
                }
            }
        }
        catch (SalvorException)
        {
            // A file without a certificate in it tells nothing of the time.
        }

        return beginnings;
    }

    private DateTimeOffset? ModifiedAt(string path)
    {
        var nanoseconds = machine.FileSystem.Stat(machine.PathOf(path))?.ModifiedUnixNanoseconds;
        var ticksMax = DateTimeOffset.MaxValue.Ticks - DateTimeOffset.UnixEpoch.Ticks;
        return nanoseconds / TimeSpan.NanosecondsPerTick is { } since && since >= 0 && since < ticksMax
            ? DateTimeOffset.UnixEpoch.AddTicks((long)since)
            : null;
    }
}
