namespace Salvor.EtcdClient;

/// <summary>A password that does not slip into logs: its text is had only by asking for it.</summary>
public sealed class EtcdPassword(string text)
{
    public string Reveal() => text;

    public override string ToString() => "(password)";
}
