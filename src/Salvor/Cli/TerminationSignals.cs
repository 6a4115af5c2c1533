using System.Runtime.InteropServices;

namespace Salvor.Cli;

/// <summary>
/// Turns the first SIGINT, SIGTERM or SIGHUP into a cancelled token; a second one ends the process at once.
/// </summary>
internal sealed class TerminationSignals : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly List<PosixSignalRegistration> _registrations = [];

    public TerminationSignals()
    {
        foreach (var signal in (ReadOnlySpan<PosixSignal>)[PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP])
        {
            _registrations.Add(PosixSignalRegistration.Create(signal, OnSignal));
        }
    }

    public CancellationToken Token => _source.Token;

    public void Dispose()
    {
        _registrations.ForEach(r => r.Dispose());
        _source.Dispose();
    }

    private void OnSignal(PosixSignalContext context)
    {
        // Cancel means: do not end the process, we see to it. The second time the kernel's own way applies.
        context.Cancel = !_source.IsCancellationRequested;
        _source.Cancel();
    }
}
