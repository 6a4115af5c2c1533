namespace Salvor.Readiness.Protect.Machine;

/// <summary>The text of the agent's unit.</summary>
internal static class AgentUnitText
{
    public const string Unit = "salvor-agent.service";
    public const string FilePath = "/etc/systemd/system/" + Unit;

    private const string Mark =
        "# Written by salvor protect. Its --remove deletes the file, as long as nobody has changed it.";

    /// <param name="program">Where salvor is.</param>
    /// <param name="configPath">Its configuration file; null for the usual one.</param>
    /// <param name="mode">What the agent may do by itself.</param>
    public static string Text(string program, string? configPath, string mode) =>
        $"""
        {Mark}
        [Unit]
        Description=Salvor agent: streams etcd's changes to the repository, and mends this control plane
        # It works without the network and without kubelet: nothing here waits for either.
        After=local-fs.target containerd.service
        StartLimitIntervalSec=0

        [Service]
        Type=notify
        ExecStart={Command(program, configPath, mode)}
        Restart=always
        RestartSec=2
        WatchdogSec=180
        TimeoutStopSec=60
        # The last one that a full memory should take, and one that gives way to etcd in everything else.
        OOMScoreAdjust=-900
        CPUWeight=50
        IOWeight=50
        MemoryMax=512M
        TasksMax=256
        Environment=DOTNET_gcConcurrent=0 DOTNET_GCConserveMemory=7
        ProtectSystem=true
        ProtectHome=read-only
        NoNewPrivileges=true
        LockPersonality=true
        RestrictRealtime=true

        [Install]
        WantedBy=multi-user.target

        """;

    /// <summary>Whether a text is one that was written here, whatever its command is.</summary>
    public static bool IsOurs(string text)
    {
        var lines = text.Split('\n');
        var command = lines.FirstOrDefault(line => line.StartsWith("ExecStart=", StringComparison.Ordinal));
        return command is not null && text.Replace(command, "", StringComparison.Ordinal)
            == Text("/", null, "").Replace($"ExecStart={Command("/", null, "")}", "", StringComparison.Ordinal);
    }

    private static string Command(string program, string? configPath, string mode)
    {
        var words = configPath is null ? "" : $" --config {UnitWord.Of(configPath)}";
        return $"{UnitWord.Of(program)} agent --mode {mode}{words}";
    }
}
