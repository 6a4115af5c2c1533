namespace Salvor.Cloud;

/// <summary>A volume's id, as its cloud gives it out.</summary>
public readonly record struct VolumeId(string Value)
{
    public override string ToString() => Value;
}
