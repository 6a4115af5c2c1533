using Salvor.Platform;

namespace Salvor.Tests.Recovery.Gate;

/// <summary>A console that keeps what is written.</summary>
internal sealed class RecordedConsole : IMachineConsole
{
    public string Text { get; private set; } = "";

    public void TryWrite(string text) => Text += text;
}
