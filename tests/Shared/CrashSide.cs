namespace Salvor.Tests.Shared;

public enum CrashSide
{
    /// <summary>The change was not done.</summary>
    Before,

    /// <summary>The change was done, and nobody heard of it.</summary>
    After,
}
