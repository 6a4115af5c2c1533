using System.Collections.Immutable;

namespace Salvor.Readiness.Protect.Machine;

/// <summary>A setting of kubelet's unit that protect sees to.</summary>
/// <param name="Section">Where it is written.</param>
/// <param name="Key">Under which name it is written.</param>
/// <param name="Value">What is written.</param>
/// <param name="IsGood">Whether a value that is in force will do; null is systemd's default.</param>
/// <param name="OtherNames">Names that systemd takes for the same.</param>
internal sealed record KubeletSetting(
    string Section,
    string Key,
    string Value,
    Func<string?, bool> IsGood,
    params ImmutableArray<(string Section, string Key)> OtherNames)
{
    private const double PauseSecondsMin = 0.5;
    private const double PauseSecondsMax = 30;

    /// <summary>However kubelet ends, it is started again.</summary>
    public static readonly KubeletSetting Restart = new("Service", "Restart", "always", v => v == "always");

    /// <summary>Soon, and not so soon that it spins: systemd's own default is 100 ms.</summary>
    public static readonly KubeletSetting Pause = new("Service", "RestartSec", "5",
        v => v is not null && SystemdTime.Seconds(v) is >= PauseSecondsMin and <= PauseSecondsMax);

    /// <summary>However often: systemd's default gives up after five starts in ten seconds, for good.</summary>
    public static readonly KubeletSetting NoLimit = new("Unit", "StartLimitIntervalSec", "0",
        v => v is not null && SystemdTime.Seconds(v) == 0,
        ("Unit", "StartLimitInterval"), ("Service", "StartLimitInterval"));

    /// <summary>A kubelet that hangs is ended, and so started again. It must be one that answers systemd.</summary>
    public static readonly KubeletSetting Watchdog = new("Service", "WatchdogSec", "60",
        v => v is not null && SystemdTime.Seconds(v) is > 0);

    /// <summary>An older kubelet does not answer: systemd would end it again and again.</summary>
    public static readonly KubeletSetting NoWatchdog = new("Service", "WatchdogSec", "0",
        v => v is null || SystemdTime.Seconds(v) == 0);

    /// <summary>In order of their place in the file.</summary>
    public static readonly ImmutableArray<KubeletSetting> All = [NoLimit, Restart, Pause, Watchdog];

    public UnitSetting? In(UnitFiles files) => files.Last([(Section, Key), .. OtherNames]);
}
