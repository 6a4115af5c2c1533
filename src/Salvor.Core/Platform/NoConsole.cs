namespace Salvor.Platform;

/// <summary>A machine without a console.</summary>
public sealed class NoConsole : IMachineConsole
{
    public void TryWrite(string text)
    {
    }
}
