namespace Salvor.Readiness.Protect;

/// <summary>Which way protections are to be changed.</summary>
public enum ProtectionAim
{
    /// <summary>To be in force.</summary>
    Protect,

    /// <summary>To be as they were before Salvor changed them.</summary>
    Remove,
}
