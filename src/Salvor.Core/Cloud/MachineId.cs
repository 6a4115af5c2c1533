namespace Salvor.Cloud;

/// <summary>A machine's id, as its cloud gives it out; it never names another machine later.</summary>
public readonly record struct MachineId(string Value)
{
    public override string ToString() => Value;
}
