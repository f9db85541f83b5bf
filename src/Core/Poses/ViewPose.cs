namespace GanPipeline;

/// <summary>From where an object is seen.</summary>
/// <param name="Yaw">Turn of the object about the vertical in degrees, -360 to 360.</param>
/// <param name="Pitch">How far the camera looks down, in degrees, -90 to 90: 0 is level, 90 straight down.</param>
public readonly record struct ViewPose(double Yaw, double Pitch)
{
    /// <summary>What is wrong with the angles; null where nothing is.</summary>
    public string? Problem => Yaw is not (>= -360 and <= 360) ? $"The yaw is {Yaw}, but must be from -360 to 360 degrees."
        : Pitch is not (>= -90 and <= 90) ? $"The pitch is {Pitch}, but must be from -90 to 90 degrees."
        : null;
}
