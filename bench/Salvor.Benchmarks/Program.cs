using BenchmarkDotNet.Running;

namespace Salvor.Benchmarks;

/// <summary>Runs what BenchmarkDotNet's options choose; without any, everything, for a short time.</summary>
internal static class Program
{
    // In this process: the tool's own way is to build a project, which not every machine can restore.
    private static readonly string[] Default =
    [
        "--filter", "*", "--job", "short", "--inProcess", "--artifacts", "artifacts/benchmarks",
    ];

    private static void Main(string[] args) =>
        BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args.Length == 0 ? Default : args);
}
