namespace Salvor.Repository.Log;

/// <summary>What a change did to its key. The numbers are part of the format.</summary>
public enum ChangeKind : byte
{
    Put = 0,
    Delete = 1,
}
