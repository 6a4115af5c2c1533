using Salvor.Errors;
using Salvor.Platform.Linux;
using Salvor.Recovery.Gate;
using Salvor.Tests.DataDirectory;

namespace Salvor.Tests.Recovery.Gate;

/// <summary>The manifest is in one of two places, whatever happens in between.</summary>
public sealed class HeldManifestTests : IDisposable
{
    private const string Text = "kind: Pod\n";

    private readonly TempDirectory _directory = new();

    public HeldManifestTests() => Reset();

    private string Manifest => _directory["kubernetes/manifests/etcd.yaml"];

    private string HeldDirectory => _directory["kubernetes/salvor-held"];

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Holding_moves_it_with_the_reason_and_releasing_moves_it_back()
    {
        var held = Held();
        var before = File.GetLastWriteTimeUtc(Manifest);

        held.Hold("why"u8);

        Assert.Equal(ManifestPlace.Held, held.Place);
        Assert.Empty(Directory.GetFileSystemEntries(Path.GetDirectoryName(Manifest)!));
        Assert.Equal("why"u8.ToArray(), held.ReadReason());

        held.Release();

        Assert.Equal((ManifestPlace.InPlace, Text), (held.Place, File.ReadAllText(Manifest)));
        Assert.Equal(before, File.GetLastWriteTimeUtc(Manifest));
        Assert.Empty(Directory.GetFileSystemEntries(HeldDirectory));
    }

    [Fact]
    public void Releasing_never_replaces_what_somebody_wrote_meanwhile()
    {
        var held = Held();
        held.Hold("why"u8);
        File.WriteAllText(Manifest, "theirs");

        var error = Assert.Throws<SalvorException>(held.Release);

        Assert.Equal(ErrorCode.TargetNotEmpty, error.Code);
        Assert.Equal("theirs", File.ReadAllText(Manifest));
        Assert.Equal(Text, File.ReadAllText(held.HeldPath));
    }

    [Fact]
    public void A_manifest_that_was_written_anew_is_held_too_and_the_older_one_is_kept()
    {
        var held = Held();
        held.Hold("why"u8);
        File.WriteAllText(Manifest, "theirs");

        held.Hold("why"u8);

        Assert.Equal("theirs", File.ReadAllText(held.HeldPath));
        var older = Directory.GetFiles(HeldDirectory).Single(p => p.Contains(".before-", StringComparison.Ordinal));
        Assert.Equal(Text, File.ReadAllText(older));
    }

    [Fact]
    public void Nothing_to_release_is_said() =>
        Assert.Equal(ErrorCode.NotFound, Assert.Throws<SalvorException>(Held().Release).Code);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_power_cut_leaves_it_in_exactly_one_place_and_the_next_run_ends_it(bool isRelease)
    {
        for (var at = 0; ; at++)
        {
            Reset();
            if (isRelease)
            {
                Held().Hold("why"u8);
            }

            var files = new FaultyFileSystem(new LinuxFileSystem()) { CutAt = at };
            var cut = Record.Exception(() => Run(new HeldManifest(files, Manifest, TimeProvider.System), isRelease));
            var inBoth = (string[])[.. Directory.GetFiles(Path.GetDirectoryName(Manifest)!), .. InHeld()];
            Assert.Single(inBoth, path => File.ReadAllText(path) == Text);
            if (cut is null)
            {
                Assert.True(at > (isRelease ? 4 : 7), $"it took only {at} steps");
                return;
            }

            Assert.IsType<PowerCutException>(cut);
            if (Held().Place == ManifestPlace.Held)
            {
                Assert.True(isRelease || File.ReadAllText(Held().ReasonPath) == "why", "a held one has its reason");
            }

            if (Held().Place == (isRelease ? ManifestPlace.Held : ManifestPlace.InPlace))
            {
                Run(Held(), isRelease);
            }

            Assert.Equal(isRelease ? ManifestPlace.InPlace : ManifestPlace.Held, Held().Place);
        }
    }

    [Fact]
    public void A_step_that_fails_leaves_it_in_exactly_one_place_and_is_told()
    {
        for (var at = 0; ; at++)
        {
            Reset();
            var files = new FaultyFileSystem(new LinuxFileSystem()) { FailAt = at, Failure = ErrorCode.NoSpace };
            var error = Record.Exception(() => new HeldManifest(files, Manifest, TimeProvider.System).Hold("why"u8));
            var everywhere = (string[])[.. Directory.GetFiles(Path.GetDirectoryName(Manifest)!), .. InHeld()];
            Assert.Single(everywhere, path => File.ReadAllText(path) == Text);
            if (!files.WasHit)
            {
                Assert.Null(error);
                return;
            }

            Assert.Equal(ErrorCode.NoSpace, Assert.IsType<SalvorException>(error).Code);
            Assert.NotEqual(ManifestPlace.Missing, Held().Place);
        }
    }

    private static void Run(HeldManifest held, bool isRelease)
    {
        if (isRelease)
        {
            held.Release();
        }
        else
        {
            held.Hold("why"u8);
        }
    }

    private HeldManifest Held() => new(new LinuxFileSystem(), Manifest, TimeProvider.System);

    private string[] InHeld() => Directory.Exists(HeldDirectory) ? Directory.GetFiles(HeldDirectory) : [];

    private void Reset()
    {
        if (Directory.Exists(_directory["kubernetes"]))
        {
            Directory.Delete(_directory["kubernetes"], recursive: true);
        }

        Directory.CreateDirectory(Path.GetDirectoryName(Manifest)!);
        File.WriteAllText(Manifest, Text);
    }
}
