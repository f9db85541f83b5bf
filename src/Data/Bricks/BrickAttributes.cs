namespace GanPipeline.Data;

/// <summary>All that is rendered: what distinguishes one picture of the Bricks data set from another.</summary>
/// <param name="Type">The kind of brick, with its studs wide and long and its height.</param>
/// <param name="Color">The colour of its plastic.</param>
/// <param name="Yaw">Its rotation about the vertical, in degrees.</param>
/// <param name="Pitch">How far the camera looks down, in degrees.</param>
/// <param name="Light">The light's direction to the right of the view, in degrees.</param>
/// <param name="Background">The ground's brightness, 0 to 1.</param>
/// <param name="Fill">The share of the picture's side that the brick spans.</param>
/// <param name="Style">One of <see cref="BricksOptions.StyleNames"/>.</param>
internal sealed record BrickAttributes(
    BrickType Type, BrickColor Color, double Yaw, double Pitch, double Light, double Background, double Fill,
    string Style = BricksOptions.Render);
