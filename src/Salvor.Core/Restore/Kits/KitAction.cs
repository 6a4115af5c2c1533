namespace Salvor.Restore.Kits;

/// <summary>What a restore does with an entry of a kit.</summary>
public enum KitAction
{
    /// <summary>The machine has it already, to the last bit.</summary>
    Keep,

    Create,

    /// <summary>What the machine has is put aside under another name, and never deleted.</summary>
    Replace,
}
