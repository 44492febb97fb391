"""The tables of the air: detections, the tracks made from them, and the stays in zones.

Read them through `tables`, which holds all tables of hotwash.
"""

from __future__ import annotations

from hotwash.model import words
from hotwash.model.columns import SOURCE, mandatory_position, position
from hotwash.model.schema import BOOL, F64, I64, NUMBERS, TEXT, TEXTS, UTC, column, needed, table

SENSORS = table(
    "sensors",
    "one sensor: its position and its stated performance",
    needed("sensor_id", TEXT, "name of the sensor, unique"),
    needed("kind", TEXT, "what it measures by", one_of=words.SENSOR_KINDS),
    *position("the sensor"),
    column("height_hae_m", F64, "height of the antenna or eye above the ellipsoid"),
    column("max_range_m", F64, "farthest slant range it reports", least=0.0),
    column("scan_period_s", F64, "time between two looks in one direction; null when it has no scan", least=0.0),
    column("detection_probability", F64, "share of looks at a target that give a detection", least=0.0, most=1.0),
    column("false_per_scan", F64, "mean number of false detections in one scan", least=0.0),
    column("clock_offset_s", F64, "reported minus true time: true time = reported − clock_offset_s"),
    key=("sensor_id",),
)

DETECTIONS = table(
    "detections",
    "one sensor report: a position, or azimuth, elevation and range, each with its sigma",
    needed("detection_id", I64, "number of the detection, unique in the recording"),
    needed("sensor_id", TEXT, "the sensor: a row of sensors"),
    needed("time_utc", UTC, "when the sensor measured, by its own clock; not when we received it"),
    column("received_utc", UTC, "when the report reached us"),
    *position("the target, where the sensor gives one"),
    column("height_hae_m", F64, "height above the ellipsoid"),
    column("height_amsl_m", F64, "height above mean sea level"),
    column(
        "pressure_altitude_m", F64, "altitude in the standard atmosphere (1013.25 hPa); never converted without a QNH"
    ),
    column("range_m", F64, "slant range; null for a bearing-only sensor", least=0.0),
    column("azimuth_deg", F64, "direction from true north at the sensor", least=0.0, most=360.0),
    column("elevation_deg", F64, "angle above the sensor's horizontal", least=-90.0, most=90.0),
    column("radial_speed_mps", F64, "speed along the line of sight, positive when receding"),
    column("sigma_horizontal_m", F64, "one standard deviation of the position on each axis", least=0.0),
    column("sigma_height_m", F64, "one standard deviation of the height", least=0.0),
    column("sigma_pressure_altitude_m", F64, "one standard deviation of the pressure altitude", least=0.0),
    column("sigma_range_m", F64, "one standard deviation, as the sensor states it", least=0.0),
    column("sigma_azimuth_deg", F64, "one standard deviation, as the sensor states it", least=0.0),
    column("sigma_elevation_deg", F64, "one standard deviation, as the sensor states it", least=0.0),
    column("sigma_radial_speed_mps", F64, "one standard deviation, as the sensor states it", least=0.0),
    column("ident", TEXT, "identity that the target stated: ICAO 24-bit address, UAS id"),
    column("mode_3a", TEXT, "transponder code, four octal digits"),
    column("class_label", TEXT, "class given by the sensor"),
    column("class_confidence", F64, "confidence stated by the sensor", least=0.0, most=1.0),
    SOURCE,
    key=("detection_id",),
)

TRACKS = table(
    "tracks",
    "one estimate of one object at one time; east, north and up are local at the row's position",
    needed("track_id", I64, "number of the track"),
    needed("time_utc", UTC, "the time the estimate is for"),
    *mandatory_position("the estimate"),
    column("height_hae_m", F64, "height above the ellipsoid; null where none was measured"),
    column("pressure_altitude_m", F64, "altitude in the standard atmosphere, where reported"),
    column("v_east_mps", F64, "velocity to the east"),
    column("v_north_mps", F64, "velocity to the north"),
    column("v_up_mps", F64, "velocity upwards"),
    column("var_east_m2", F64, "variance of the east position", least=0.0),
    column("var_north_m2", F64, "variance of the north position", least=0.0),
    column("var_height_m2", F64, "variance of the height; null where no height was measured", least=0.0),
    column("cov_east_north_m2", F64, "covariance of east and north position"),
    column("var_v_east_m2ps2", F64, "variance of the velocity to the east", least=0.0),
    column("var_v_north_m2ps2", F64, "variance of the velocity to the north", least=0.0),
    column("var_v_up_m2ps2", F64, "variance of the velocity upwards", least=0.0),
    column("cov_v_east_north_m2ps2", F64, "covariance of the velocities to the east and north"),
    column("cov_east_v_east_m2ps", F64, "covariance of east position and velocity to the east"),
    column("cov_east_v_north_m2ps", F64, "covariance of east position and velocity to the north"),
    column("cov_north_v_east_m2ps", F64, "covariance of north position and velocity to the east"),
    column("cov_north_v_north_m2ps", F64, "covariance of north position and velocity to the north"),
    column("existence", F64, "probability that the object is there at all", least=0.0, most=1.0),
    needed("status", TEXT, "stage of the track's life", one_of=words.TRACK_STATUSES),
    column("detection_id", I64, "the detection used at this time; null when none was"),
    column("ident", TEXT, "identity that the target stated"),
    column("class_label", TEXT, "class, only from identity, sensor labels or measured confidence"),
    column("class_confidence", F64, "how sure the class is", least=0.0, most=1.0),
    key=("track_id", "time_utc"),
)

TRUTH = table(
    "truth",
    "where an object really was; only exercises and test flights have it",
    needed("object_id", TEXT, "name of the object"),
    needed("time_utc", UTC, "the time of the state"),
    *mandatory_position("the object"),
    column("height_hae_m", F64, "height above the ellipsoid"),
    column("v_east_mps", F64, "velocity to the east"),
    column("v_north_mps", F64, "velocity to the north"),
    column("v_up_mps", F64, "velocity upwards"),
    column("q_x", F64, "attitude quaternion, body to east-north-up, x", least=-1.0, most=1.0),
    column("q_y", F64, "attitude quaternion, y", least=-1.0, most=1.0),
    column("q_z", F64, "attitude quaternion, z", least=-1.0, most=1.0),
    column("q_w", F64, "attitude quaternion, scalar part", least=-1.0, most=1.0),
    column("airspeed_mps", F64, "speed against the air", least=0.0),
    column("battery", F64, "charge left, as a share", least=0.0, most=1.0),
    column("gimbal_pitch_deg", F64, "where its camera looks, above the horizon", least=-90.0, most=90.0),
    column("is_on_ground", BOOL, "whether it touches the ground"),
    column("class_label", TEXT, "what the object is"),
    key=("object_id", "time_utc"),
)

CONTROLS = table(
    "controls",
    "one command of one seat, as given",
    needed("seat", TEXT, "the seat that gave it"),
    needed("time_utc", UTC, "when it was given"),
    needed("sequence", I64, "running number of the command in its seat", least=0.0),
    column("roll", F64, "stick, −1 left to 1 right", least=-1.0, most=1.0),
    column("pitch", F64, "stick, −1 back to 1 forward", least=-1.0, most=1.0),
    column("yaw", F64, "stick, −1 left to 1 right", least=-1.0, most=1.0),
    column("throttle", F64, "stick, −1 low to 1 high", least=-1.0, most=1.0),
    column("gimbal_pitch_rate", F64, "lever of the camera's pitch, −1 down to 1 up", least=-1.0, most=1.0),
    column("is_capture", BOOL, "whether the picture was taken at this command"),
    column("mode", TEXT, "requested flight mode; null leaves it unchanged", one_of=words.FLIGHT_MODES),
    column("buttons", I64, "pressed buttons as bits", least=0.0),
    key=("seat", "sequence"),
)

# ---------------------------------------------------------------- what follows from it

HEALTH = table(
    "health",
    "performance of one sensor: as stated and as its plots show",
    needed("sensor_id", TEXT, "the sensor"),
    needed("plots", I64, "its plots that were used", least=0.0),
    column("scans", I64, "its scans; null when it has none", least=0.0),
    needed("on_tracks", I64, "its plots that went into confirmed tracks", least=0.0),
    column("detection_probability", F64, "estimated from looks at confirmed tracks", least=0.0, most=1.0),
    column("sigma_detection_probability", F64, "one standard deviation of it", least=0.0),
    column("stated_detection_probability", F64, "what the sensors table states", least=0.0, most=1.0),
    column("false_per_scan", F64, "estimated from plots on no track", least=0.0),
    column("sigma_false_per_scan", F64, "one standard deviation of it", least=0.0),
    column("stated_false_per_scan", F64, "what the sensors table states", least=0.0),
    column("common_tracks", I64, "tracks it shares with other sensors, from which its errors are estimated", least=0.0),
    column("clock_offset_s", F64, "estimated reported minus true time, against the other sensors"),
    column("sigma_clock_offset_s", F64, "one standard deviation of it", least=0.0),
    column("stated_clock_offset_s", F64, "what the sensors table states"),
    column("range_bias_m", F64, "estimated measured minus true range"),
    column("sigma_range_bias_m", F64, "one standard deviation of it", least=0.0),
    column("azimuth_bias_deg", F64, "estimated measured minus true azimuth"),
    column("sigma_azimuth_bias_deg", F64, "one standard deviation of it", least=0.0),
    column("is_corrected", BOOL, "whether these errors were removed before tracking"),
    key=("sensor_id",),
)

REMARKS = table(
    "remarks",
    "one thing that the reader of the tracks should know",
    needed("kind", TEXT, "what sort of thing", one_of=words.REMARK_KINDS),
    column("sensor_id", TEXT, "the sensor it concerns"),
    column("track_id", I64, "the track it concerns"),
    column("ident", TEXT, "the identity it concerns"),
    column("time_utc", UTC, "when"),
    column("rows", I64, "how many detections it concerns", least=0.0),
    needed("text", TEXT, "the remark, as a sentence, with a remedy where there is one"),
)

UPDATES = table(
    "updates",
    "one look at one track: the detection used, others near it, and the probability of each model",
    needed("track_id", I64, "the track"),
    needed("time_utc", UTC, "the time of the look"),
    needed("sensor_id", TEXT, "the sensor that looked"),
    needed("status", TEXT, "stage of the track's life after it", one_of=words.TRACK_STATUSES),
    column("detection_id", I64, "the detection used; null when none was"),
    column("distance", F64, "normalised distance of the detection used from the prediction, in sigmas", least=0.0),
    column("near_detection_ids", TEXTS, "other detections in the gate"),
    column("near_distances", NUMBERS, "their normalised distances, in sigmas"),
    needed("existence", F64, "probability that the object is there, after the look", least=0.0, most=1.0),
    column("straight", F64, "probability of the model of straight flight", least=0.0, most=1.0),
    column("turning", F64, "probability of the models of turning flight, together", least=0.0, most=1.0),
    column("hovering", F64, "probability of the model of hovering or slow flight", least=0.0, most=1.0),
    key=("track_id", "time_utc", "sensor_id"),
)

BREACHES = table(
    "breaches",
    "one stay of one track in one zone",
    needed("breach_id", I64, "number of the breach"),
    needed("track_id", I64, "the track"),
    needed("zone_id", TEXT, "the zone"),
    column("enter_utc", UTC, "when it came in; null when the track begins inside"),
    column("exit_utc", UTC, "when it left; null when the track ends inside"),
    column("enter_lat_deg", F64, "latitude of the entry", least=-90.0, most=90.0),
    column("enter_lon_deg", F64, "longitude of the entry", least=-180.0, most=180.0),
    column("enter_sigma_s", F64, "one standard deviation of the entry time", least=0.0),
    column("depth_m", F64, "greatest distance inside the line", least=0.0),
    column("depth_sigma_m", F64, "one standard deviation of the depth", least=0.0),
    column("duration_s", F64, "how long it stayed", least=0.0),
    needed("probability", F64, "probability that it was inside at all", least=0.0, most=1.0),
    needed("answer", TEXT, "inside, outside or undecided", one_of=words.ANSWERS),
    column("nearest_aerodrome", TEXT, "the aerodrome it came closest to"),
    column("nearest_m", F64, "how close", least=0.0),
    column("nearest_utc", UTC, "when"),
    key=("breach_id",),
)

EXPOSURES = table(
    "exposures",
    "one aerodrome against the tracks: closed and open time with and without an object near",
    needed("aerodrome_id", TEXT, "the aerodrome"),
    needed("radius_m", F64, "what counts as near", least=0.0),
    column("first_near_utc", UTC, "when the first object came within the radius"),
    column("nearest_m", F64, "closest approach of any object", least=0.0),
    column("nearest_utc", UTC, "when"),
    column("nearest_track_id", I64, "by which track"),
    column("closed_near_min", F64, "minutes closed with an object near", least=0.0),
    column("closed_clear_min", F64, "minutes closed with none near", least=0.0),
    column("open_near_min", F64, "minutes open with an object near", least=0.0),
    column(
        "movements_exposed", F64, "movements while open with an object near; null where none are reported", least=0.0
    ),
    needed("rows", TEXTS, "the events and tracks it rests on, as table:id"),
    key=("aerodrome_id",),
)

TRACK_SUMMARIES = table(
    "track_summaries",
    "one track in one row, as a summary of its many rows",
    needed("track_id", I64, "the track"),
    needed("first_utc", UTC, "time of its first row"),
    needed("last_utc", UTC, "time of its last row"),
    needed("rows", I64, "its rows in tracks", least=0.0),
    needed("updates", I64, "its rows that used a detection", least=0.0),
    needed("is_confirmed", BOOL, "whether it was ever confirmed"),
    column("greatest_existence", F64, "greatest probability that the object is there", least=0.0, most=1.0),
    column("ident", TEXT, "identity that the target stated; the last, where there are several"),
    column("class_label", TEXT, "class, only from identity, sensor labels or measured confidence; the last"),
    column("class_confidence", F64, "how sure that class is", least=0.0, most=1.0),
    column("low_speed_mps", F64, "speed over ground, lower quartile of its confirmed rows", least=0.0),
    column("median_speed_mps", F64, "speed over ground, median of its confirmed rows", least=0.0),
    column("high_speed_mps", F64, "speed over ground, upper quartile of its confirmed rows", least=0.0),
    column("greatest_speed_mps", F64, "speed over ground, greatest of its confirmed rows", least=0.0),
    column("motion", TEXT, "what the motion is compatible with, as a sentence; never a class by itself"),
    needed("breaches", I64, "its stays in zones of interest, whatever the answer", least=0.0),
    key=("track_id",),
)
