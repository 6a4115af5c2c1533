using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace Salvor.IntegrationTests.Support;

/// <summary>A program under way, with its output collected line by line.</summary>
public sealed partial class ToolProcess : IAsyncDisposable
{
    private const int Terminate = 15;
    private const int Continue = 18;
    private const int Stop = 19;
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromMinutes(2);
    private readonly Process _process;
    private readonly string _commandLine;
    private readonly StringBuilder _stdout = new();
    private readonly StringBuilder _stderr = new();

    private ToolProcess(ProcessStartInfo start)
    {
        _commandLine = $"{start.FileName} {string.Join(' ', start.ArgumentList)}";
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Append(_stdout, line.Data);
        _process.ErrorDataReceived += (_, line) => Append(_stderr, line.Data);
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>What was written to stdout so far.</summary>
    public string Stdout => Copy(_stdout);

    /// <summary>What was written to stderr so far.</summary>
    public string Stderr => Copy(_stderr);

    /// <summary>Starts a program; variables whose value is null are taken out of its environment.</summary>
    public static ToolProcess Start(
        string program, IEnumerable<string> arguments, params ReadOnlySpan<(string Name, string? Value)> environment)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // Settings of the caller's shell, such as ETCDCTL_ENDPOINTS or ETCD_NAME, must not reach the programs under
        // test.
        var ofEtcd = start.Environment.Keys.Where(name => name.StartsWith("ETCD", StringComparison.Ordinal)).ToList();
        foreach (var name in ofEtcd)
        {
            start.Environment.Remove(name);
        }

        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var tool = new ToolProcess(start);
        tool._process.Start();
        tool._process.BeginOutputReadLine();
        tool._process.BeginErrorReadLine();
        return tool;
    }

    /// <summary>Runs a program to its end with the given standard input.</summary>
    public static async Task<ToolResult> RunAsync(
        string program, IEnumerable<string> arguments, string stdin = "",
        params (string Name, string? Value)[] environment)
    {
        await using var tool = Start(program, arguments, environment);
        return await tool.FinishAsync(stdin);
    }

    /// <summary>
    /// Feeds standard input, closes it, and waits for the end; a program that takes too long fails the test.
    /// </summary>
    public async Task<ToolResult> FinishAsync(string stdin = "", TimeSpan? timeout = null)
    {
        try
        {
            await _process.StandardInput.WriteAsync(stdin);
            _process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The program ended without reading all of it; its exit code tells why.
        }

        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(timeout ?? DefaultTimeout);
        try
        {
            await _process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            Kill();
            Assert.Fail($"Took too long: {_commandLine}\n--- stdout\n{Stdout}\n--- stderr\n{Stderr}");
        }

        return new ToolResult(_commandLine, _process.ExitCode, Stdout, Stderr);
    }

    /// <summary>SIGTERM: the polite way.</summary>
    public void SendTerminate()
    {
        if (!_process.HasExited && Signal(_process.Id, Terminate) != 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }
    }

    /// <summary>SIGSTOP: it stands still until <see cref="Resume"/>.</summary>
    public void Pause() => Signal(_process.Id, Stop);

    /// <summary>SIGCONT.</summary>
    public void Resume() => Signal(_process.Id, Continue);

    /// <summary>SIGKILL: at once, with nothing flushed by the program.</summary>
    public void Kill() => _process.Kill();

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            Kill();
        }

        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Signal(int processId, int signal);

    private static void Append(StringBuilder text, string? line)
    {
        if (line is not null)
        {
            lock (text)
            {
                text.Append(line).Append('\n');
            }
        }
    }

    private static string Copy(StringBuilder text)
    {
        lock (text)
        {
            return text.ToString();
        }
    }
}
