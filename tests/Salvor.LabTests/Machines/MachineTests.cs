using Salvor.Lab;
using Salvor.Lab.Host;
using Salvor.Lab.Machines;
using Salvor.Lab.Network;

namespace Salvor.LabTests.Machines;

/// <summary>Machines, their power, network and volumes: what every disaster of the lab is made of.</summary>
public sealed class MachineTests(RegionFixture region) : IClassFixture<RegionFixture>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Shutdown = TimeSpan.FromSeconds(60);
    private readonly Machine _first = region.Host.Find(RegionFixture.First);
    private readonly Machine _second = region.Host.Find(RegionFixture.Second);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_machine_runs_a_systemd_of_its_own()
    {
        Assert.Equal("systemd", (await _first.ShellAsync("cat /proc/1/comm", Cancel)).Trim());
        Assert.Equal("aaaa", (await _first.ShellAsync("hostname", Cancel)).Trim());
        var group = await _first.ShellAsync("sed -n 's/.*name=systemd://p' /proc/1/cgroup", Cancel);
        Assert.Equal("/init.scope", group.Trim());
    }

    [Fact]
    public async Task What_it_wrote_outlives_a_power_cut_and_a_clean_stop()
    {
        await _first.ShellAsync("echo one >/root/one; sync", Cancel);
        await region.Host.PowerOffAsync(_first.Id, Cancel);
        Assert.False(_first.IsOn);
        Assert.Empty(new ControlGroups($"{region.Lab.Paths.ControlGroup}/{_first.Id}").Processes());

        await region.Host.PowerOnAsync(_first.Id, Cancel);
        await _first.ShellAsync("grep -x one /root/one", Cancel);
        await Booted(_first);
        Assert.True(await region.Host.ShutDownAsync(_first.Id, Shutdown, Cancel));
        Assert.False(_first.IsOn);

        await region.Host.PowerOnAsync(_first.Id, Cancel);
        await _first.ShellAsync("grep -x one /root/one", Cancel);
    }

    [Fact]
    public async Task User_data_runs_at_the_first_boot_only()
    {
        const string third = "i-0000000000000cccc";
        await region.Host.CreateAsync(RegionFixture.Order(third, 3, "#!/bin/bash\necho once >>/root/ran\n"), Cancel);
        var machine = region.Host.Find(third);
        for (var boot = 0; boot < 2; boot++)
        {
            await region.Host.PowerOnAsync(third, Cancel);
            await Booted(machine);
            await region.Host.PowerOffAsync(third, Cancel);
        }

        await region.Host.PowerOnAsync(third, Cancel);
        Assert.Equal("once", (await machine.ShellAsync("cat /root/ran", Cancel)).Trim());
        await region.Host.RemoveAsync(third, Cancel);
        Assert.False(Directory.Exists(machine.Disk));
    }

    [Fact]
    public async Task A_machine_that_hangs_is_on_and_answers_nobody()
    {
        Assert.True(await region.Host.AnswersAsync(_first.Id, Patience, Cancel));
        await region.Host.HangAsync(_first.Id, true, Cancel);
        Assert.True(_first.IsOn);
        Assert.False(await region.Host.AnswersAsync(_first.Id, Patience, Cancel));
        Assert.False(await region.Host.ShutDownAsync(_first.Id, TimeSpan.FromSeconds(1), Cancel));

        // What a cloud does with a guest that does not go down when it is asked to: it takes the power away.
        await region.Host.PowerOffAsync(_first.Id, Cancel);
        await region.Host.PowerOnAsync(_first.Id, Cancel);
        Assert.True(await region.Host.AnswersAsync(_first.Id, Patience, Cancel));
    }

    [Fact]
    public async Task A_partitioned_zone_reaches_itself_and_nobody_else()
    {
        var other = RegionFixture.Order(_second.Id, 2).PrivateAddress;
        Assert.True(await Reaches(_first, other));
        await region.Lab.Fabric.PartitionAsync(1, true, Cancel);
        Assert.False(await Reaches(_first, other));
        Assert.False(await Reaches(_first, Fabric.ServiceAddress));
        Assert.True(await Reaches(_second, Fabric.ServiceAddress));
        Assert.True(await region.Host.AnswersAsync(_first.Id, Patience, Cancel));

        await region.Lab.Fabric.PartitionAsync(1, false, Cancel);
        Assert.True(await Reaches(_first, other));
    }

    [Fact]
    public async Task An_elastic_address_leads_to_one_machine_and_then_to_the_other()
    {
        const string elastic = "10.77.200.9";
        foreach (var machine in (Machine[])[_first, _second])
        {
            await machine.ShellAsync(
                "mkdir -p /srv/www && hostname >/srv/www/index.html && busybox httpd -p 8080 -h /srv/www", Cancel);
        }

        foreach (var target in (Machine[])[_first, _second, _first])
        {
            await region.Host.MoveAddressAsync(elastic, target.Id, Cancel);
            var name = (await target.ShellAsync("hostname", Cancel)).Trim();
            foreach (var caller in (Machine[])[_first, _second])
            {
                var answer = await caller.ShellAsync(
                    $"curl --silent --fail --max-time 5 http://{elastic}:8080/", Cancel);
                Assert.Equal(name, answer.Trim());
            }
        }

        await region.Host.MoveAddressAsync(elastic, null, Cancel);
        await Assert.ThrowsAsync<LabException>(
            () => _second.ShellAsync($"curl --silent --fail --max-time 1 http://{elastic}:8080/", Cancel));
    }

    [Fact]
    public async Task A_machine_with_another_address_is_reached_there_from_every_zone_and_nowhere_else()
    {
        const string other = "10.77.1.99";
        var first = RegionFixture.Order(_first.Id, 1).PrivateAddress;
        var second = RegionFixture.Order(_second.Id, 2).PrivateAddress;
        foreach (var (address, gone, given) in
            ((string, string, string?)[])[(other, first, other), (first, other, null)])
        {
            await region.Host.ChangeAddressAsync(_first.Id, given, Cancel);
            Assert.Equal(address, region.Host.AddressOf(_first.Id));
            Assert.True(await region.Host.AnswersAsync(_first.Id, Patience, Cancel));
            Assert.True(await Reaches(_second, address));
            Assert.False(await Reaches(_second, gone));
            Assert.True(await Reaches(_first, second));
            Assert.True(await Reaches(_first, Fabric.ServiceAddress));
        }
    }

    [Fact]
    public async Task A_volume_outlives_its_machine_and_a_forced_detach_fails_its_writes()
    {
        const string volume = "vol-0000000000000aaaa";
        const string device = "/dev/sdg";
        await region.Host.CreateVolumeAsync(volume, 1, snapshot: null, Cancel);
        await region.Host.AttachAsync(volume, _first.Id, device, Cancel);
        await _first.ShellAsync($"mkfs.ext4 -q {device} && mount {device} /mnt && echo kept >/mnt/a && sync", Cancel);
        Assert.False(await region.Host.DetachAsync(volume, _first.Id, force: false, Cancel));

        await region.Host.CreateSnapshotAsync("snap-0000000000000aaaa", volume, Cancel);
        await _first.ShellAsync("exec 9>/mnt/b && echo late >&9 && sync", Cancel);
        Assert.True(await region.Host.DetachAsync(volume, _first.Id, force: true, Cancel));
        await Assert.ThrowsAsync<LabException>(() => _first.ShellAsync($"mount {device} /mnt", Cancel));

        await region.Host.AttachAsync(volume, _second.Id, device, Cancel);
        Assert.Equal("kept", (await _second.ShellAsync($"mount {device} /mnt && cat /mnt/a", Cancel)).Trim());
        await region.Host.CreateVolumeAsync("vol-0000000000000bbbb", 2, "snap-0000000000000aaaa", Cancel);
        await region.Host.AttachAsync("vol-0000000000000bbbb", _second.Id, "/dev/sdh", Cancel);
        Assert.Equal(
            "a", (await _second.ShellAsync("mount /dev/sdh /media && cd /media && ls -d [ab]", Cancel)).Trim());
    }

    [Fact]
    public async Task A_mount_unit_finds_its_volume_by_its_file_system_at_once_and_at_every_boot()
    {
        const string volume = "vol-0000000000000cccc";
        const string device = "/dev/sdi";
        await region.Host.CreateVolumeAsync(volume, 1, snapshot: null, Cancel);
        await region.Host.AttachAsync(volume, _second.Id, device, Cancel);
        await _second.ShellAsync(
            $"""
            mkfs.ext4 -q {device}
            udevadm settle
            cat >/etc/systemd/system/srv.mount <<UNIT
            [Mount]
            What=/dev/disk/by-uuid/$(blkid -s UUID -o value {device})
            Where=/srv
            Type=ext4
            [Install]
            WantedBy=local-fs.target
            UNIT
            systemctl daemon-reload
            timeout 20 systemctl enable --now srv.mount
            echo kept >/srv/a
            """, Cancel);
        await region.Host.PowerOffAsync(_second.Id, Cancel);

        await region.Host.PowerOnAsync(_second.Id, Cancel);
        await Booted(_second);

        Assert.Equal("kept", (await _second.ShellAsync("mountpoint -q /srv && cat /srv/a", Cancel)).Trim());
        await _second.ShellAsync("systemctl disable --now srv.mount; rm /etc/systemd/system/srv.mount", Cancel);
        Assert.True(await region.Host.DetachAsync(volume, _second.Id, force: false, Cancel));
        Assert.DoesNotContain(
            "sdi", await _second.ShellAsync("readlink /dev/disk/by-uuid/* || true", Cancel), StringComparison.Ordinal);
    }

    private static async Task<bool> Reaches(Machine from, string address)
    {
        var ping = await from.TryAsync(["ping", "-q", "-c", "1", "-W", "1", address], Cancel);
        return ping.Succeeded;
    }

    /// <summary>Waits until no job of the boot is left: user data, above all.</summary>
    private static Task<string> Booted(Machine machine) =>
        machine.ShellAsync(
            "until systemctl is-system-running --wait 2>/dev/null | grep -qE 'running|degraded'; do sleep 0.1; done",
            Cancel);
}
