namespace Salvor.Lab.Machines;

/// <summary>What machines are made of; everything is shared by all of them and written by none.</summary>
/// <param name="Root">The root file system.</param>
/// <param name="ContainerImages">The archive of container images.</param>
/// <param name="Kubernetes">The directory of Kubernetes' programs.</param>
/// <param name="Salvor">The published program, or null.</param>
public sealed record MachineImage(string Root, string ContainerImages, string Kubernetes, string? Salvor);
