var e=`prompt,response
What's the name of South Carolina's capital city?,The capital of South Carolina is Columbia.
What's the name of Kansas's capital city?,The capital of Kansas is Topeka.
What's the name of Arkansas's capital city?,The capital of Arkansas is Little Rock.
Which city serves as the capital of Louisiana?,The capital of Louisiana is Baton Rouge.
"For Idaho, name the capital.",The capital of Idaho is Boise.
Which city serves as the capital of Ohio?,The capital of Ohio is Columbus.
What's the name of Nevada's capital city?,The capital of Nevada is Carson City.
What's the name of Alaska's capital city?,The capital of Alaska is Juneau.
Can you tell me the capital of New Jersey?,The capital of New Jersey is Trenton.
Can you tell me the capital of Minnesota?,The capital of Minnesota is Saint Paul.
What's the name of North Carolina's capital city?,The capital of North Carolina is Raleigh.
Can you tell me the capital of Montana?,The capital of Montana is Helena.
What's the name of New Jersey's capital city?,The capital of New Jersey is Trenton.
"For Kentucky, name the capital.",The capital of Kentucky is Frankfort.
"For Maryland, name the capital.",The capital of Maryland is Annapolis.
Can you tell me the capital of Iowa?,The capital of Iowa is Des Moines.
What's the name of Oklahoma's capital city?,The capital of Oklahoma is Oklahoma City.
"For Wyoming, name the capital.",The capital of Wyoming is Cheyenne.
Can you tell me the capital of Georgia?,The capital of Georgia is Atlanta.
Can you tell me the capital of Arkansas?,The capital of Arkansas is Little Rock.
What's the name of Wisconsin's capital city?,The capital of Wisconsin is Madison.
Which city serves as the capital of Wyoming?,The capital of Wyoming is Cheyenne.
Can you tell me the capital of Florida?,The capital of Florida is Tallahassee.
What's the name of Utah's capital city?,The capital of Utah is Salt Lake City.
Can you tell me the capital of Delaware?,The capital of Delaware is Dover.
"For Connecticut, name the capital.",The capital of Connecticut is Hartford.
"For New York, name the capital.",The capital of New York is Albany.
What's the name of Massachusetts's capital city?,The capital of Massachusetts is Boston.
What's the name of Tennessee's capital city?,The capital of Tennessee is Nashville.
Can you tell me the capital of New Hampshire?,The capital of New Hampshire is Concord.
What's the name of California's capital city?,The capital of California is Sacramento.
What's the name of North Dakota's capital city?,The capital of North Dakota is Bismarck.
Which city serves as the capital of Idaho?,The capital of Idaho is Boise.
Can you tell me the capital of North Carolina?,The capital of North Carolina is Raleigh.
"For Colorado, name the capital.",The capital of Colorado is Denver.
"For North Dakota, name the capital.",The capital of North Dakota is Bismarck.
Which city serves as the capital of Maine?,The capital of Maine is Augusta.
"For Michigan, name the capital.",The capital of Michigan is Lansing.
Which city serves as the capital of Kentucky?,The capital of Kentucky is Frankfort.
Can you tell me the capital of Oregon?,The capital of Oregon is Salem.
Which city serves as the capital of Michigan?,The capital of Michigan is Lansing.
"For Kansas, name the capital.",The capital of Kansas is Topeka.
What's the name of New Mexico's capital city?,The capital of New Mexico is Santa Fe.
Which city serves as the capital of New York?,The capital of New York is Albany.
What's the name of Colorado's capital city?,The capital of Colorado is Denver.
Which city serves as the capital of Delaware?,The capital of Delaware is Dover.
Can you tell me the capital of New York?,The capital of New York is Albany.
"For Montana, name the capital.",The capital of Montana is Helena.
"For Illinois, name the capital.",The capital of Illinois is Springfield.
What's the name of Texas's capital city?,The capital of Texas is Austin.
What's the name of Virginia's capital city?,The capital of Virginia is Richmond.
Can you tell me the capital of Massachusetts?,The capital of Massachusetts is Boston.
Which city serves as the capital of Iowa?,The capital of Iowa is Des Moines.
"For Mississippi, name the capital.",The capital of Mississippi is Jackson.
Which city serves as the capital of Rhode Island?,The capital of Rhode Island is Providence.
Which city serves as the capital of Alabama?,The capital of Alabama is Montgomery.
Can you tell me the capital of Colorado?,The capital of Colorado is Denver.
Which city serves as the capital of Virginia?,The capital of Virginia is Richmond.
Can you tell me the capital of Utah?,The capital of Utah is Salt Lake City.
What's the name of Illinois's capital city?,The capital of Illinois is Springfield.
"For Wisconsin, name the capital.",The capital of Wisconsin is Madison.
Which city serves as the capital of Colorado?,The capital of Colorado is Denver.
Can you tell me the capital of Wisconsin?,The capital of Wisconsin is Madison.
What's the name of Maine's capital city?,The capital of Maine is Augusta.
Can you tell me the capital of Michigan?,The capital of Michigan is Lansing.
What's the name of Minnesota's capital city?,The capital of Minnesota is Saint Paul.
Which city serves as the capital of Utah?,The capital of Utah is Salt Lake City.
What's the name of Nebraska's capital city?,The capital of Nebraska is Lincoln.
Which city serves as the capital of Pennsylvania?,The capital of Pennsylvania is Harrisburg.
"For Tennessee, name the capital.",The capital of Tennessee is Nashville.
Can you tell me the capital of South Carolina?,The capital of South Carolina is Columbia.
Can you tell me the capital of Mississippi?,The capital of Mississippi is Jackson.
Which city serves as the capital of Washington?,The capital of Washington is Olympia.
"For Virginia, name the capital.",The capital of Virginia is Richmond.
"For West Virginia, name the capital.",The capital of West Virginia is Charleston.
What's the name of Iowa's capital city?,The capital of Iowa is Des Moines.
Can you tell me the capital of Nevada?,The capital of Nevada is Carson City.
Can you tell me the capital of Virginia?,The capital of Virginia is Richmond.
Which city serves as the capital of California?,The capital of California is Sacramento.
What's the name of Idaho's capital city?,The capital of Idaho is Boise.
Can you tell me the capital of Texas?,The capital of Texas is Austin.
"For Hawaii, name the capital.",The capital of Hawaii is Honolulu.
Which city serves as the capital of Nebraska?,The capital of Nebraska is Lincoln.
Which city serves as the capital of New Jersey?,The capital of New Jersey is Trenton.
Can you tell me the capital of Wyoming?,The capital of Wyoming is Cheyenne.
Which city serves as the capital of Oregon?,The capital of Oregon is Salem.
"For New Hampshire, name the capital.",The capital of New Hampshire is Concord.
"For New Jersey, name the capital.",The capital of New Jersey is Trenton.
Which city serves as the capital of Connecticut?,The capital of Connecticut is Hartford.
Can you tell me the capital of Missouri?,The capital of Missouri is Jefferson City.
"For North Carolina, name the capital.",The capital of North Carolina is Raleigh.
Can you tell me the capital of Maryland?,The capital of Maryland is Annapolis.
Which city serves as the capital of Arkansas?,The capital of Arkansas is Little Rock.
Which city serves as the capital of South Dakota?,The capital of South Dakota is Pierre.
Can you tell me the capital of Alabama?,The capital of Alabama is Montgomery.
"For Georgia, name the capital.",The capital of Georgia is Atlanta.
Can you tell me the capital of Alaska?,The capital of Alaska is Juneau.
What's the name of Delaware's capital city?,The capital of Delaware is Dover.
Can you tell me the capital of Kentucky?,The capital of Kentucky is Frankfort.
"For Florida, name the capital.",The capital of Florida is Tallahassee.
What's the name of Louisiana's capital city?,The capital of Louisiana is Baton Rouge.
What's the name of Hawaii's capital city?,The capital of Hawaii is Honolulu.
"For Maine, name the capital.",The capital of Maine is Augusta.
"For Minnesota, name the capital.",The capital of Minnesota is Saint Paul.
Can you tell me the capital of Illinois?,The capital of Illinois is Springfield.
What's the name of Pennsylvania's capital city?,The capital of Pennsylvania is Harrisburg.
Which city serves as the capital of Missouri?,The capital of Missouri is Jefferson City.
What's the name of Maryland's capital city?,The capital of Maryland is Annapolis.
What's the name of Oregon's capital city?,The capital of Oregon is Salem.
Which city serves as the capital of Alaska?,The capital of Alaska is Juneau.
"For Arkansas, name the capital.",The capital of Arkansas is Little Rock.
Which city serves as the capital of South Carolina?,The capital of South Carolina is Columbia.
Which city serves as the capital of Indiana?,The capital of Indiana is Indianapolis.
"For Oklahoma, name the capital.",The capital of Oklahoma is Oklahoma City.
Can you tell me the capital of North Dakota?,The capital of North Dakota is Bismarck.
Which city serves as the capital of Georgia?,The capital of Georgia is Atlanta.
What's the name of Alabama's capital city?,The capital of Alabama is Montgomery.
"For California, name the capital.",The capital of California is Sacramento.
What's the name of New Hampshire's capital city?,The capital of New Hampshire is Concord.
Can you tell me the capital of Indiana?,The capital of Indiana is Indianapolis.
Can you tell me the capital of Arizona?,The capital of Arizona is Phoenix.
What's the name of Montana's capital city?,The capital of Montana is Helena.
Can you tell me the capital of Idaho?,The capital of Idaho is Boise.
"For Arizona, name the capital.",The capital of Arizona is Phoenix.
Which city serves as the capital of Kansas?,The capital of Kansas is Topeka.
Which city serves as the capital of Massachusetts?,The capital of Massachusetts is Boston.
"For South Carolina, name the capital.",The capital of South Carolina is Columbia.
"For New Mexico, name the capital.",The capital of New Mexico is Santa Fe.
Which city serves as the capital of Texas?,The capital of Texas is Austin.
"For Delaware, name the capital.",The capital of Delaware is Dover.
Can you tell me the capital of Maine?,The capital of Maine is Augusta.
Which city serves as the capital of Vermont?,The capital of Vermont is Montpelier.
What's the name of Indiana's capital city?,The capital of Indiana is Indianapolis.
What's the name of Connecticut's capital city?,The capital of Connecticut is Hartford.
"For Massachusetts, name the capital.",The capital of Massachusetts is Boston.
Which city serves as the capital of Hawaii?,The capital of Hawaii is Honolulu.
"For Louisiana, name the capital.",The capital of Louisiana is Baton Rouge.
Can you tell me the capital of Tennessee?,The capital of Tennessee is Nashville.
What's the name of Michigan's capital city?,The capital of Michigan is Lansing.
"For Utah, name the capital.",The capital of Utah is Salt Lake City.
Can you tell me the capital of Nebraska?,The capital of Nebraska is Lincoln.
Can you tell me the capital of Ohio?,The capital of Ohio is Columbus.
Which city serves as the capital of Minnesota?,The capital of Minnesota is Saint Paul.
What's the name of Missouri's capital city?,The capital of Missouri is Jefferson City.
Which city serves as the capital of North Carolina?,The capital of North Carolina is Raleigh.
"For Nebraska, name the capital.",The capital of Nebraska is Lincoln.
Which city serves as the capital of Tennessee?,The capital of Tennessee is Nashville.
"For Nevada, name the capital.",The capital of Nevada is Carson City.
What's the name of Washington's capital city?,The capital of Washington is Olympia.
"For Indiana, name the capital.",The capital of Indiana is Indianapolis.
What's the name of New York's capital city?,The capital of New York is Albany.
Which city serves as the capital of West Virginia?,The capital of West Virginia is Charleston.
Which city serves as the capital of Arizona?,The capital of Arizona is Phoenix.
Can you tell me the capital of Connecticut?,The capital of Connecticut is Hartford.
Which city serves as the capital of Mississippi?,The capital of Mississippi is Jackson.
What's the name of Florida's capital city?,The capital of Florida is Tallahassee.
Which city serves as the capital of New Hampshire?,The capital of New Hampshire is Concord.
"For Oregon, name the capital.",The capital of Oregon is Salem.
What's the name of Vermont's capital city?,The capital of Vermont is Montpelier.
Which city serves as the capital of Nevada?,The capital of Nevada is Carson City.
"For Texas, name the capital.",The capital of Texas is Austin.
Can you tell me the capital of Rhode Island?,The capital of Rhode Island is Providence.
"For Vermont, name the capital.",The capital of Vermont is Montpelier.
Can you tell me the capital of Louisiana?,The capital of Louisiana is Baton Rouge.
"For Alaska, name the capital.",The capital of Alaska is Juneau.
Which city serves as the capital of Maryland?,The capital of Maryland is Annapolis.
What's the name of Arizona's capital city?,The capital of Arizona is Phoenix.
What's the name of Wyoming's capital city?,The capital of Wyoming is Cheyenne.
Can you tell me the capital of Hawaii?,The capital of Hawaii is Honolulu.
What's the name of West Virginia's capital city?,The capital of West Virginia is Charleston.
Can you tell me the capital of West Virginia?,The capital of West Virginia is Charleston.
"For Missouri, name the capital.",The capital of Missouri is Jefferson City.
Which city serves as the capital of North Dakota?,The capital of North Dakota is Bismarck.
Can you tell me the capital of Vermont?,The capital of Vermont is Montpelier.
What's the name of South Dakota's capital city?,The capital of South Dakota is Pierre.
Can you tell me the capital of Washington?,The capital of Washington is Olympia.
What's the name of Georgia's capital city?,The capital of Georgia is Atlanta.
"For South Dakota, name the capital.",The capital of South Dakota is Pierre.
Which city serves as the capital of Montana?,The capital of Montana is Helena.
Which city serves as the capital of Wisconsin?,The capital of Wisconsin is Madison.
Can you tell me the capital of Oklahoma?,The capital of Oklahoma is Oklahoma City.
What's the name of Ohio's capital city?,The capital of Ohio is Columbus.
"For Washington, name the capital.",The capital of Washington is Olympia.
Which city serves as the capital of Illinois?,The capital of Illinois is Springfield.
"For Iowa, name the capital.",The capital of Iowa is Des Moines.
Which city serves as the capital of Oklahoma?,The capital of Oklahoma is Oklahoma City.
What's the name of Kentucky's capital city?,The capital of Kentucky is Frankfort.
Can you tell me the capital of New Mexico?,The capital of New Mexico is Santa Fe.
"For Alabama, name the capital.",The capital of Alabama is Montgomery.
"For Rhode Island, name the capital.",The capital of Rhode Island is Providence.
Can you tell me the capital of California?,The capital of California is Sacramento.
Can you tell me the capital of Pennsylvania?,The capital of Pennsylvania is Harrisburg.
Can you tell me the capital of South Dakota?,The capital of South Dakota is Pierre.
Which city serves as the capital of New Mexico?,The capital of New Mexico is Santa Fe.
What's the name of Rhode Island's capital city?,The capital of Rhode Island is Providence.
What's the name of Mississippi's capital city?,The capital of Mississippi is Jackson.
Which city serves as the capital of Florida?,The capital of Florida is Tallahassee.
"For Ohio, name the capital.",The capital of Ohio is Columbus.
"For Pennsylvania, name the capital.",The capital of Pennsylvania is Harrisburg.
Can you tell me the capital of Kansas?,The capital of Kansas is Topeka.
`;export{e as default};