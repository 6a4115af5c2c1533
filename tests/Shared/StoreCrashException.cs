namespace Salvor.Tests.Shared;

/// <summary>The process is gone: nothing that would catch a failure of the store may catch this.</summary>
public sealed class StoreCrashException() : Exception("The process ended here: the test wants it so.");
